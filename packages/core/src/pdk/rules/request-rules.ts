import { asciiOf, isFalsy, isNil, isTable, isText, isPlainObject } from '../call/lua-arguments.js'
import type { ArgumentProblem } from '../call/pdk-method.js'
import { maximum } from './value-rules.js'

/** The methods that `kong.service.request.set_method` takes. Kong raises on others, and on lower case. */
export const HTTP_METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'POST',
  'DELETE',
  'OPTIONS',
  'MKCOL',
  'COPY',
  'MOVE',
  'PROPFIND',
  'PROPPATCH',
  'LOCK',
  'UNLOCK',
  'PATCH',
  'TRACE',
] as const

/** A method for the request to the service. */
export type HttpMethod = (typeof HTTP_METHODS)[number]

const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data'
const JSON_TYPE = 'application/json'

/** Query arguments by name. A value may be an array, but not an array of arrays. */
export function queryArguments(args: unknown): string | undefined {
  return (
    notNamedValues(args) ??
    brokenMember(args, (value) =>
      isTable(value) && Object.values(value).some(isTable) ? 'must be a string, a number, a boolean or an array of these' : undefined,
    )
  )
}

/** Fields of a multipart form. Kong writes only text and numbers. */
function multipartFields(args: unknown): string | undefined {
  return (
    notNamedValues(args) ??
    brokenMember(args, (value) =>
      isNil(value) || isText(value) || typeof value === 'number'
        ? undefined
        : 'must be a string or a number: multipart forms hold nothing else',
    )
  )
}

function notNamedValues(args: unknown): string | undefined {
  if (!isTable(args)) return 'must be a plain object of names and values'
  if (Array.isArray(args)) return args.every(isNil) ? undefined : 'must be a plain object of names and values, not an array'
  return isPlainObject(args) ? undefined : 'must be a plain object of names and values: use Object.fromEntries'
}

function brokenMember(args: unknown, rule: (value: unknown) => string | undefined): string | undefined {
  for (const [name, value] of Object.entries(args ?? {})) {
    const broken = rule(value)
    if (broken !== undefined) return `has a value for ${JSON.stringify(name)} that ${broken}`
  }
  return undefined
}

/** The kinds of body that `kong.service.request.set_body` can write. Kong compares the MIME type exactly, up to the first `;`. */
export function bodyKind(mimetype: string): 'json' | 'form' | 'multipart' | undefined {
  const semicolon = mimetype.indexOf(';')
  const name = semicolon < 0 ? mimetype : mimetype.slice(0, semicolon)
  if (name === JSON_TYPE) return 'json'
  if (name === FORM) return 'form'
  return name === MULTIPART ? 'multipart' : undefined
}

/** `kong.service.request.set_body(args, mimetype)`. Without a MIME type the type of the request decides, which is not known here. */
export function setBody([args, mimetype]: readonly unknown[]): ArgumentProblem | undefined {
  if (!isTable(args)) return { argument: 'args', rule: 'must be a plain object or an array' }
  if (isFalsy(mimetype)) return undefined
  const kind = isText(mimetype) ? bodyKind(asciiOf(mimetype)) : undefined
  if (kind === undefined) return { argument: 'mimetype', rule: `must be ${JSON_TYPE}, ${FORM} or ${MULTIPART}` }
  if (kind === 'json') return undefined
  if (kind === 'multipart' && hasOpenQuote(mimetype)) return { argument: 'mimetype', rule: 'must have both quotes around its boundary' }
  const broken = kind === 'form' ? queryArguments(args) : multipartFields(args)
  return broken === undefined ? undefined : { argument: 'args', rule: broken }
}

/** Kong raises on a boundary that has only its first quote. */
function hasOpenQuote(mimetype: unknown): boolean {
  const [, boundary] = (isText(mimetype) ? asciiOf(mimetype) : '').split('boundary="', 2)
  return boundary !== undefined && !boundary.includes('"')
}

/** The two `get_body(mimetype, max_args, max_allowed_file_size)`. Kong reads `max_args` only for a form. */
export function getBody([mimetype, maxArgs, maxFileSize]: readonly unknown[]): ArgumentProblem | undefined {
  if (!isFalsy(mimetype) && !isText(mimetype) && typeof mimetype !== 'number') return { argument: 'mimetype', rule: 'must be a string' }
  const form = isFalsy(mimetype) || (isText(mimetype) && asciiOf(mimetype).toLowerCase().startsWith(FORM))
  const broken = form && !isNil(maxArgs) ? maximum(maxArgs) : undefined
  if (broken !== undefined) return { argument: 'max_args', rule: broken }
  if (isNil(maxFileSize) || typeof maxFileSize === 'number') return undefined
  return { argument: 'max_allowed_file_size', rule: 'must be a number of bytes' }
}

/** Without a number, Kong raises on bodies that nginx wrote to a file. */
export function rawBodyLimit(maxFileSize: unknown): string | undefined {
  if (typeof maxFileSize === 'number') return undefined
  return 'must be a number of bytes (0: no limit), or Kong raises on a body that nginx wrote to a file'
}
