import { PdkArgumentError } from '@kong-ts/core'
import { PdkProtocolError } from './pdk-protocol-error.js'

/** A call in the form in which ProtoBuf:1 can carry it. */
export interface PdkCall {
  readonly method: string
  readonly args: readonly unknown[]
  /** Makes the result that was asked for of the one that comes. */
  readonly convert?: (result: unknown) => unknown
}

type Mapping = (args: readonly unknown[]) => PdkCall | undefined

/** Calls that another one replaces, because ProtoBuf:1 lacks them or Kong fails on them there. */
const MAPPINGS: ReadonlyMap<string, Mapping> = new Map<string, Mapping>([
  ['kong.log', (args) => ({ method: 'kong.log.notice', args })],
  ['kong.plugin.get_id', () => ({ method: 'kong.nginx.get_ctx', args: ['plugin_id'] })],
  ['kong.request.get_start_time', () => ({ method: 'kong.nginx.get_ctx', args: ['KONG_PROCESSING_START'] })],
  ['kong.request.get_raw_path', () => ({ method: 'kong.request.get_path_with_query', args: [], convert: pathOf })],
  // The answer to a bare `?name` is true, which Kong cannot put into a text: it would end the request with a 500, at any client's wish.
  [
    'kong.request.get_query_arg',
    ([name]) => (typeof name === 'string' ? { method: 'kong.request.get_query', args: [], convert: firstValueOf(name) } : undefined),
  ],
  ['kong.response.set_header', severalValues('kong.response')],
  ['kong.service.request.set_header', severalValues('kong.service.request')],
  ['kong.node.get_memory_stats', bytesOnly],
  ['kong.response.error', errorAsExit],
])

/** What is to be sent in the place of a call; `undefined` for the call itself. */
export function mapCall(method: string, args: readonly unknown[]): PdkCall | undefined {
  return MAPPINGS.get(method)?.(args)
}

/** Names that `mapCall` replaces whatever their arguments are. */
export const MAPPED_METHODS: ReadonlySet<string> = new Set([
  'kong.log',
  'kong.plugin.get_id',
  'kong.request.get_start_time',
  'kong.request.get_raw_path',
  'kong.response.error',
])

function pathOf(target: unknown): unknown {
  return typeof target === 'string' ? target.split('?', 1)[0] : target
}

function firstValueOf(name: string) {
  return (query: unknown): unknown => {
    if (typeof query !== 'object' || query === null || !Object.hasOwn(query, name)) return undefined
    const values: unknown = Reflect.get(query, name)
    return Array.isArray(values) && values.length > 0 ? (values as readonly unknown[])[0] : true
  }
}

/** Kong takes several values for a single header since 3.6 only, for many headers always; none remove it. */
function severalValues(namespace: 'kong.response' | 'kong.service.request'): Mapping {
  return ([name, value]) => {
    if (!Array.isArray(value)) return undefined
    return value.length === 0
      ? { method: `${namespace}.clear_header`, args: [name] }
      : { method: `${namespace}.set_headers`, args: [new Map([[name, value]])] }
  }
}

function bytesOnly([unit]: readonly unknown[]): undefined {
  if (unit === undefined || unit === null || unit === 'b' || unit === 'B') return undefined
  throw new PdkProtocolError('kong.node.get_memory_stats with a unit', 'Call it without, and convert the bytes.')
}

/**
 * Kong's `error` would choose the form by the client's Accept header. An external plugin on ProtoBuf:1 can only exit: with JSON, or plain
 * text when the headers say so.
 */
function errorAsExit([status, message, headers]: readonly unknown[]): PdkCall {
  if (typeof status !== 'number' || status < 400 || status > 599)
    throw new PdkArgumentError('kong.response.error', 'code', 'must be a number from 400 to 599')
  const given: Readonly<Record<string, unknown>> = typeof headers === 'object' && headers !== null ? { ...headers } : {}
  const text = message === undefined || message === null ? reasonOf(status) : message
  const contentType: unknown = given['Content-Type'] ?? 'application/json; charset=utf-8'
  if (typeof contentType === 'string' && contentType.startsWith('text/plain'))
    return { method: 'kong.response.exit', args: [status, text, given] }
  if (typeof contentType === 'string' && contentType.startsWith('application/json')) {
    const body = JSON.stringify({ message: text instanceof Uint8Array ? new TextDecoder().decode(text) : text })
    return { method: 'kong.response.exit', args: [status, body, { ...given, 'Content-Type': contentType }] }
  }
  throw new PdkProtocolError(
    `kong.response.error with Content-Type ${String(contentType)}`,
    'Use kong.response.exit with a body of that type.',
  )
}

/** Loaded when it is needed: a bundle would load all of node:http at the start of every server and every dump. */
function reasonOf(status: number): string {
  return process.getBuiltinModule('node:http').STATUS_CODES[status] ?? 'An unexpected error occurred'
}
