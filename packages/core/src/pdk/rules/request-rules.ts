import { isFalsy, isNil } from '../pack-arguments.js'
import type { ArgumentCheck } from '../pdk-method.js'
import type { ValueRule } from './argument-check.js'
import { asciiOf, isTable, isText, maximum } from './value-rules.js'

const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data'
const JSON_TYPE = 'application/json'

/** A path of the upstream request. */
export const path: ValueRule = (value) =>
  isText(value) && asciiOf(value).startsWith('/') ? undefined : 'must be a string that starts with /'

/** Query arguments by name; a value may be an array, whose elements must not be tables again. */
export const queryArguments: ValueRule = (args) => {
  if (!isTable(args)) return 'must be a plain object of names and values'
  if (Array.isArray(args)) return args.every(isNil) ? undefined : 'must be a plain object of names and values, not an array'
  for (const [name, value] of Object.entries(args)) {
    if (isTable(value) && Object.values(value).some(isTable)) {
      return `has a value for ${JSON.stringify(name)} that must be a string, a number, a boolean or an array of these`
    }
  }
  return undefined
}

/** Fields of a multipart form: Kong writes text and numbers only. */
const multipartFields: ValueRule = (args) => {
  if (!isTable(args)) return 'must be a plain object of names and values'
  if (Array.isArray(args)) return args.every(isNil) ? undefined : 'must be a plain object of names and values, not an array'
  for (const [name, value] of Object.entries(args)) {
    if (!isNil(value) && !isText(value) && typeof value !== 'number') {
      return `has a value for ${JSON.stringify(name)} that must be a string or a number: multipart forms hold nothing else`
    }
  }
  return undefined
}

/** The kinds of body `kong.service.request.set_body` can write, told from a MIME type as Kong does: exact, up to the first `;`. */
export function bodyKind(mimetype: string): 'json' | 'form' | 'multipart' | undefined {
  const semicolon = mimetype.indexOf(';')
  const name = semicolon < 0 ? mimetype : mimetype.slice(0, semicolon)
  if (name === JSON_TYPE) return 'json'
  if (name === FORM) return 'form'
  return name === MULTIPART ? 'multipart' : undefined
}

/**
 * `args` and `mimetype` of `kong.service.request.set_body`; without a MIME type the type of the request decides, which is not known here.
 */
export const setBody: ArgumentCheck = ([args, mimetype]) => {
  if (!isTable(args)) return { argument: 'args', rule: 'must be a plain object or an array' }
  if (isFalsy(mimetype)) return undefined
  const kind = isText(mimetype) ? bodyKind(asciiOf(mimetype)) : undefined
  if (kind === undefined) return { argument: 'mimetype', rule: `must be ${JSON_TYPE}, ${FORM} or ${MULTIPART}` }
  if (kind === 'json') return undefined
  if (kind === 'multipart' && hasOpenQuote(mimetype)) return { argument: 'mimetype', rule: 'must have both quotes around its boundary' }
  const broken = kind === 'form' ? queryArguments(args) : multipartFields(args)
  return broken === undefined ? undefined : { argument: 'args', rule: broken }
}

/** Kong looks for the second quote of a boundary without asking whether there is one. */
function hasOpenQuote(mimetype: unknown): boolean {
  const [, boundary] = (isText(mimetype) ? asciiOf(mimetype) : '').split('boundary="', 2)
  return boundary !== undefined && !boundary.includes('"')
}

/** Arguments of the two `get_body`: Kong looks at `max_args` only for a form, which it tells by the beginning of the type. */
export const getBody: ArgumentCheck = ([mimetype, maxArgs, maxFileSize]) => {
  if (!isFalsy(mimetype) && !isText(mimetype) && typeof mimetype !== 'number') return { argument: 'mimetype', rule: 'must be a string' }
  const form = isFalsy(mimetype) || (isText(mimetype) && asciiOf(mimetype).toLowerCase().startsWith(FORM))
  const broken = form && !isNil(maxArgs) ? maximum(maxArgs) : undefined
  if (broken !== undefined) return { argument: 'max_args', rule: broken }
  if (isNil(maxFileSize) || typeof maxFileSize === 'number') return undefined
  return { argument: 'max_allowed_file_size', rule: 'must be a number of bytes' }
}

/** Without a number, Kong raises on bodies it has written to a file. */
export const rawBodyLimit: ArgumentCheck = ([maxFileSize]) =>
  typeof maxFileSize === 'number'
    ? undefined
    : { argument: 'max_allowed_file_size', rule: 'must be a number of bytes (0: no limit), or Kong raises on a body it wrote to a file' }
