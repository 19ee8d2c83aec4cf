import { asciiOf, isFalsy, isNil, isTable, isText } from '../call/lua-arguments.js'
import type { ArgumentProblem, ValueRule } from '../call/pdk-method.js'
import type { Phase } from '../../phase/phase.js'
import { numberFrom } from './value-rules.js'

// Rules of single functions in kong.client, kong.log, kong.nginx, kong.node and kong.response.

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const MODES: ReadonlySet<unknown> = new Set(['set', 'add', 'replace'])
const MULTIPLES: ReadonlySet<string> = new Set(['k', 'm', 'g'])

/** `kong.client.load_consumer(consumer_id, search_by_username)`: the id must be a uuid unless usernames are searched too. */
export function loadConsumer([id, searchByUsername]: readonly unknown[]): ArgumentProblem | undefined {
  if (!isFalsy(searchByUsername) || (isText(id) && UUID.test(asciiOf(id)))) return undefined
  return { argument: 'consumer_id', rule: 'must be a uuid: pass true as second argument to search by username' }
}

/** `kong.client.authenticate(consumer, credential)`: one of the two must be there. */
export function authenticate([consumer, credential]: readonly unknown[]): ArgumentProblem | undefined {
  return isNil(consumer) && isNil(credential) ? { argument: 'consumer', rule: 'or credential must be given' } : undefined
}

/** The results that nginx knows for the verification of a client certificate. */
export function clientVerify(value: unknown): string | undefined {
  const result = isText(value) ? asciiOf(value) : undefined
  if (result === 'SUCCESS' || result === 'NONE' || result?.startsWith('FAILED:') === true) return undefined
  return 'must be SUCCESS, NONE or FAILED: with a reason'
}

/** Kong raises on a log call that has nothing to log. */
export function logParts(parts: readonly unknown[]): ArgumentProblem | undefined {
  if (parts.some((part) => !isNil(part))) return undefined
  return { argument: 'message', rule: 'must be given: log at least one value that is not nil' }
}

/** The key of `kong.log.set_serialize_value`. */
export function serializeKey(key: unknown): string | undefined {
  return isText(key) ? undefined : 'must be a string such as request.headers.x-a'
}

/** The options of `kong.log.set_serialize_value`. Kong ignores options that are not a table. */
export function serializeOptions(options: unknown): string | undefined {
  if (!isTable(options) || !('mode' in options) || isNil(options.mode) || MODES.has(options.mode)) return undefined
  return 'has a mode that must be set, add or replace'
}

/** The name of an nginx variable, or the number of a capture. */
export function variableName(name: unknown): string | undefined {
  return isText(name) || typeof name === 'number' ? undefined : 'must be a string: the name of an nginx variable without $'
}

/** `kong.node.get_memory_stats(unit, scale)`. Kong reads the scale only for units other than bytes. */
export function memoryStats([unit, scale]: readonly unknown[]): ArgumentProblem | undefined {
  const name = isFalsy(unit) ? 'b' : isText(unit) ? asciiOf(unit).toLowerCase() : undefined
  if (name === 'b' || name === '') return undefined
  if (name === undefined || !MULTIPLES.has(name)) return { argument: 'unit', rule: 'must be b, k, m or g' }
  if (isFalsy(scale) || (typeof scale === 'number' && scale >= 0)) return undefined
  return { argument: 'scale', rule: 'must be a number that is not negative' }
}

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
