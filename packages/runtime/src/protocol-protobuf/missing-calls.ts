import { PdkArgumentError } from '@kong-ts/core'
import { PdkProtocolError } from '../errors/server-errors.js'
import { RPC_TABLE } from './rpc-table.js'

/** A call in a form that ProtoBuf:1 can carry. */
export interface PdkCall {
  readonly method: string
  readonly args: readonly unknown[]
  /** Turns the result of this call into that of the original one. */
  readonly convert?: (result: unknown) => unknown
}

type Replacement = (args: readonly unknown[]) => PdkCall | undefined

/** Calls that ProtoBuf:1 lacks, or that fail in Kong with some arguments, and the calls that replace them. */
const REPLACEMENTS: ReadonlyMap<string, Replacement> = new Map<string, Replacement>([
  ['kong.log', (args) => ({ method: 'kong.log.notice', args })],
  ['kong.plugin.get_id', () => ({ method: 'kong.nginx.get_ctx', args: ['plugin_id'] })],
  ['kong.request.get_start_time', () => ({ method: 'kong.nginx.get_ctx', args: ['KONG_PROCESSING_START'] })],
  ['kong.request.get_raw_path', () => ({ method: 'kong.request.get_path_with_query', args: [], convert: pathOf })],
  // Kong answers a bare `?name` with true, which its text message cannot hold: any client could make it end the request with 500.
  [
    'kong.request.get_query_arg',
    ([name]) => (typeof name === 'string' ? { method: 'kong.request.get_query', args: [], convert: firstValueOf(name) } : undefined),
  ],
  ['kong.response.set_header', severalValues('kong.response')],
  ['kong.service.request.set_header', severalValues('kong.service.request')],
  ['kong.node.get_memory_stats', bytesOnly],
  ['kong.response.error', errorAsExit],
])

/** The call to send in place of another; `undefined` when the call itself can be sent, or nothing replaces it. */
export function replaceCall(method: string, args: readonly unknown[]): PdkCall | undefined {
  return REPLACEMENTS.get(method)?.(args)
}

const OTHER_PROTOCOL = 'Start the plugin server with -protocol MsgPack:1 to use it.'

/** What to do instead of calls that ProtoBuf:1 lacks and that no other call replaces. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['kong.cluster.get_id', OTHER_PROTOCOL],
  ['kong.client.tls.request_client_certificate', OTHER_PROTOCOL],
  ['kong.client.tls.disable_session_reuse', OTHER_PROTOCOL],
  ['kong.client.tls.set_client_verify', OTHER_PROTOCOL],
  [
    'kong.client.tls.get_full_client_certificate_chain',
    `The client's own certificate is kong.nginx.getVar('ssl_client_raw_cert'); for the whole chain, start with -protocol MsgPack:1.`,
  ],
  ['kong.log.emerg', 'Use kong.log.alert, the next level.'],
  ['kong.log.deprecation', 'Use kong.log.warn.'],
  ['kong.log.inspect', 'Use kong.log.debug, which prints objects.'],
  ['kong.log.inspect.on', 'Use kong.log.debug, which prints objects.'],
  ['kong.log.inspect.off', 'Use kong.log.debug, which prints objects.'],
  ['kong.log.set_format', 'Write the format into the text.'],
  ['kong.nginx.get_statistics', OTHER_PROTOCOL],
  ['kong.node.get_hostname', `Use hostname() of node:os: Kong and its plugin servers share a machine.`],
  [
    'kong.request.get_forwarded_path',
    `Use kong.request.getHeader('x-forwarded-path') where kong.ip.isTrusted(await kong.client.getIp()), else kong.request.getPath.`,
  ],
  [
    'kong.request.get_forwarded_prefix',
    `Use kong.request.getHeader('x-forwarded-prefix') where kong.ip.isTrusted(await kong.client.getIp()).`,
  ],
  ['kong.request.get_body', 'Use kong.request.json, text or getRawBody.'],
  ['kong.service.response.get_body', 'Use kong.service.response.json, text or getRawBody.'],
  ['kong.service.request.set_body', 'Use kong.service.request.setJson, or setRawBody with a Content-Type.'],
  ['kong.service.request.clear_query_arg', 'Use kong.request.getQuery and kong.service.request.setQuery.'],
  ['kong.service.request.enable_buffering', 'Give the plugin a response phase: Kong then buffers.'],
  ['kong.service.request.disable_tls', `Use kong.service.request.setScheme('http').`],
  ['kong.service.set_retries', 'Set retries on the service in Kong.'],
  ['kong.service.set_timeouts', 'Set the timeouts on the service in Kong.'],
  ['kong.service.set_tls_verify', 'Set tls_verify on the service in Kong.'],
  ['kong.service.set_tls_verify_depth', 'Set tls_verify_depth on the service in Kong.'],
  ['kong.table.new', 'Use an object.'],
  ['kong.table.clear', 'Use an object.'],
  ['kong.table.merge', 'Use an object with spread members.'],
  ['kong.telemetry.log', OTHER_PROTOCOL],
  ['kong.vault.get', 'Make it a field with referenceable: true, which Kong resolves; or start with -protocol MsgPack:1.'],
  [
    'kong.vault.update',
    'Kong resolves referenceable fields when it starts the instance; to follow rotations, start with -protocol MsgPack:1.',
  ],
  ['kong.vault.is_reference', `Use text.startsWith('{vault://').`],
])

/** The error of a call that ProtoBuf:1 cannot carry. */
export function missingCall(method: string): PdkProtocolError {
  return new PdkProtocolError(method, remedyOf(method))
}

/** What to do instead of a PDK function, by Kong's name; `undefined` when ProtoBuf:1 carries it, or another call replaces it. */
export function remedyFor(method: string): string | undefined {
  return RPC_TABLE.has(method) || REPLACEMENTS.has(method) ? undefined : remedyOf(method)
}

function remedyOf(method: string): string {
  return REMEDIES.get(method) ?? OTHER_PROTOCOL
}

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

/** Kong takes several values in `set_header` only since 3.6, in `set_headers` always. No value at all removes the header. */
function severalValues(namespace: 'kong.response' | 'kong.service.request'): Replacement {
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

/** Loads node:http only when needed: an import would load it at the start of every server and every dump. */
function reasonOf(status: number): string {
  return process.getBuiltinModule('node:http').STATUS_CODES[status] ?? 'An unexpected error occurred'
}
