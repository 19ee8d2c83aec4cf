import type { Phase } from '../../phase/phase.js'
import { asciiOf, isNil, isTable, isText } from '../call/lua-arguments.js'
import type { ArgumentProblem, ValueRule } from '../call/pdk-method.js'
import { numberFrom } from './value-rules.js'

/** Content types for which Kong has an error template. Kong compares them exactly. */
const ERROR_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/grpc', 'application/xml', 'text/plain', 'text/html'])

/** Statuses with which nginx can end a session of the stream subsystem. */
const STREAM_STATUSES: ReadonlySet<number> = new Set([200, 400, 403, 500, 502, 503])

export const status = statusFrom(100, 599)
export const errorStatus = statusFrom(400, 599)

/** The body of `kong.response.exit`. */
export function exitBody(body: unknown): string | undefined {
  return isNil(body) || isText(body) || isTable(body) ? undefined : 'must be a string, bytes, or an object or array to be sent as JSON'
}

/** The message of `kong.response.error`. */
export function errorMessage(message: unknown): string | undefined {
  if (isNil(message) || isText(message) || isTable(message)) return undefined
  return 'must be a string, or an object or array to be pasted as JSON'
}

/** `kong.response.exit(status, body?, headers?)` in preread. */
export function exitInPreread([code]: readonly unknown[], phase: Phase | undefined): ArgumentProblem | undefined {
  if (phase !== 'preread' || typeof code !== 'number' || STREAM_STATUSES.has(code)) return undefined
  return { argument: 'status', rule: `must be one of ${[...STREAM_STATUSES].join(', ')} in preread` }
}

/** `kong.response.error(status, message?, headers?)` */
export function errorContentType([, , headers]: readonly unknown[]): ArgumentProblem | undefined {
  if (!isTable(headers) || !('Content-Type' in headers)) return undefined
  const type = headers['Content-Type']
  if (isNil(type) || (isText(type) && ERROR_TYPES.has(asciiOf(type)))) return undefined
  return { argument: 'headers', rule: `has a Content-Type that must be one of ${[...ERROR_TYPES].join(', ')}: Kong has no other templates` }
}

/** Kong cuts fractions off a status, and does not notice NaN, with which it then sends no usable status. */
function statusFrom(least: number, most: number): ValueRule {
  const range = numberFrom(least, most)
  return (value) => range(Number.isNaN(value) ? undefined : value)
}
