import { isNil } from '../pack-arguments.js'
import type { ArgumentCheck, ArgumentProblem } from '../pdk-method.js'
import type { ValueRule } from './argument-check.js'
import { headerMap } from './header-rules.js'
import { isTable, isText, asciiOf, numberFrom } from './value-rules.js'

/** Content types for which Kong has an error template, compared exactly. */
const ERROR_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/grpc', 'application/xml', 'text/plain', 'text/html'])

/** Statuses with which the stream subsystem can end a session. */
const STREAM_STATUSES: ReadonlySet<number> = new Set([200, 400, 403, 500, 502, 503])

export const status = statusFrom(100, 599)
const errorStatus = statusFrom(400, 599)

/** `kong.response.exit(status, body?, headers?)` */
export const exit: ArgumentCheck = ([code, body, headers], phase) => {
  const broken = status(code)
  if (broken !== undefined) return { argument: 'status', rule: broken }
  if (phase === 'preread' && typeof code === 'number' && !STREAM_STATUSES.has(code)) {
    return { argument: 'status', rule: `must be one of ${[...STREAM_STATUSES].join(', ')} in preread` }
  }
  if (!isNil(body) && !isText(body) && !isTable(body)) {
    return { argument: 'body', rule: 'must be a string, bytes, or an object or array to be sent as JSON' }
  }
  return headersProblem(headers)
}

/** `kong.response.error(status, message?, headers?)` */
export const error: ArgumentCheck = ([code, message, headers]) => {
  const broken = errorStatus(code)
  if (broken !== undefined) return { argument: 'status', rule: broken }
  if (!isNil(message) && !isText(message) && !isTable(message)) {
    return { argument: 'message', rule: 'must be a string, or an object or array to be pasted as JSON' }
  }
  const problem = headersProblem(headers)
  if (problem !== undefined || !isTable(headers) || !('Content-Type' in headers)) return problem
  const type = headers['Content-Type']
  if (isNil(type) || (isText(type) && ERROR_TYPES.has(asciiOf(type)))) return undefined
  return { argument: 'headers', rule: `has a Content-Type that must be one of ${[...ERROR_TYPES].join(', ')}: Kong has no other templates` }
}

function headersProblem(headers: unknown): ArgumentProblem | undefined {
  const broken = isNil(headers) ? undefined : headerMap(headers)
  return broken === undefined ? undefined : { argument: 'headers', rule: broken }
}

/** Kong cuts fractions off a status. NaN would pass its comparisons, but no status comes of it. */
function statusFrom(least: number, most: number): ValueRule {
  const range = numberFrom(least, most)
  return (value) => range(Number.isNaN(value) ? undefined : value)
}
