import { encodeJson, LuaError, LuaTable, luaToString, type LuaValue, raise } from '@kong-ts/schema/lua'
import { decodeArgs } from '../http/url-encoding.js'
import { responseTable } from '../response/client-response.js'
import type { SerializeEdit, TransactionState } from '../state/transaction-state.js'
import type { BalancerTry } from '../state/upstream-state.js'

const SOURCES = { service: 'upstream', exit: 'kong', error: 'kong' } as const
const SECRET_HEADERS = ['authorization', 'proxy-authorization']

/** Builds the record of `kong.log.serialize`, with the changes of plugins. Raises when a change reaches into a value that is not a table. */
export function buildLogRecord(state: TransactionState): LuaTable {
  const record = LuaTable.record([
    ['request', requestPart(state)],
    ['upstream_uri', upstreamUri(state)],
    // While buffering, Kong keeps the service's status as a number; else it is nginx's text.
    ['upstream_status', (state.buffered ? state.bufferedResponse?.status : state.upstream.status) ?? ''],
    [
      'response',
      LuaTable.record([
        ['status', state.response.status],
        ['headers', responseTable(state, state.node.settings.luaMaxRespHeaders)],
        ['size', state.response.bytesSent],
      ]),
    ],
    ['latencies', latencies(state)],
    ['tries', state.ctx.get('balancer_data') === undefined ? undefined : LuaTable.list(state.upstream.tries.map(tryRecord), 'array')],
    ['authenticated_entity', authenticatedEntity(state)],
    ['route', state.ctx.get('route')],
    ['service', state.ctx.get('service')],
    ['consumer', state.ctx.get('authenticated_consumer')],
    ['client_ip', state.request.remote.ip],
    ['started_at', state.ctx.get('KONG_PROCESSING_START') ?? state.startedAt],
    ['source', SOURCES[state.responseSource]],
    ['workspace', state.ctx.get('workspace')],
    ['workspace_name', 'default'],
  ])
  for (const edit of state.serializeEdits) applyEdit(record, edit)
  return record
}

function requestPart(state: TransactionState): LuaTable {
  const { request, client, node } = state
  const headers = request.headers.table(node.settings.luaMaxReqHeaders)
  for (const name of SECRET_HEADERS) if (headers.get(name) !== undefined) headers.set(name, 'REDACTED')
  const { requestUri } = request.target
  const port = requestUri === '' ? client.local.port : (state.hostPort ?? client.local.port)
  return LuaTable.record([
    ['id', state.requestId],
    ['uri', requestUri],
    ['url', `${request.scheme}://${request.host}:${luaToString(port)}${requestUri}`],
    ['querystring', decodeArgs(querySeen(state), node.settings.luaMaxUriArgs)],
    ['method', state.unexpected && request.httpVersion < 2 ? client.method : request.method],
    ['headers', headers],
    ['size', request.headBytes === 0 ? 0 : request.headBytes + request.body.bytesReceived],
    [
      'tls',
      client.tls &&
        LuaTable.record([
          ['version', client.tls.version],
          ['cipher', client.tls.cipher],
          ['client_verify', state.ctx.get('CLIENT_VERIFY_OVERRIDE') ?? 'NONE'],
        ]),
    ],
  ])
}

/** After an nginx error Kong reads the query from the request line, so changes of plugins are lost. */
function querySeen({ request, client, unexpected }: TransactionState): string {
  if (!unexpected || request.httpVersion >= 2) return request.args ?? ''
  const at = client.target.indexOf('?')
  return at < 0 ? '' : client.target.slice(at + 1)
}

function upstreamUri({ upstream, request }: TransactionState): string {
  const { uri } = upstream
  if (uri === '' || uri.includes('?')) return uri
  if (request.target.requestUri.endsWith('?')) return `${uri}?`
  return request.args ? `${uri}?${request.args}` : uri
}

function latencies({ times, proxied }: TransactionState): LuaTable {
  return LuaTable.record([
    ['kong', times.kong],
    ['proxy', proxied ? (times.waiting ?? -1) : -1],
    ['request', times.request],
    ['receive', proxied ? times.receive : 0],
  ])
}

function tryRecord(attempt: BalancerTry): LuaTable {
  return LuaTable.record([
    ['ip', attempt.ip],
    ['port', attempt.port],
    ['balancer_start', attempt.startedAt],
    ['balancer_start_ns', attempt.startedAt * 1e6],
    ...(attempt.unconnected === true
      ? []
      : ([
          ['balancer_latency', 0],
          ['balancer_latency_ns', 0],
        ] as const)),
    ['state', attempt.state],
    ['code', attempt.code],
  ])
}

function authenticatedEntity({ ctx }: TransactionState): LuaTable | undefined {
  const credential = ctx.get('authenticated_credential')
  if (!(credential instanceof LuaTable)) return undefined
  return LuaTable.record([
    ['id', credential.get('id')],
    ['consumer_id', credential.get('consumer_id')],
  ])
}

/** Applies a change that a plugin made with `kong.log.set_serialize_value`. */
export function applyEdit(record: LuaTable, { key, value, mode }: SerializeEdit): void {
  const names = splitKey(key)
  const last = names.pop() ?? ''
  let node = record
  for (const name of names) {
    const member: LuaValue = node.get(name)
    if (member instanceof LuaTable) {
      node = member
      continue
    }
    if (member !== undefined) return raise(`The key '${key}' could not be used as a serialize value. Subkey '${name}' is not a table.`)
    if (mode === 'replace') return
    const child = new LuaTable()
    node.set(name, child)
    node = child
  }
  const present = node.get(last)
  if (mode === 'set' || (mode === 'add' ? present === undefined : present !== undefined)) node.set(last, value)
}

/** Splits a key at its dots. A dot at the start belongs to the first part. */
function splitKey(key: string): string[] {
  const parts = key.slice(1).split('.')
  return [key.slice(0, 1) + (parts[0] ?? ''), ...parts.slice(1)]
}

/** A record as JSON text; undefined when it contains a value without a JSON form. */
export function encodeRecord(record: LuaTable): string | undefined {
  try {
    return encodeJson(record)
  } catch (error) {
    if (error instanceof LuaError) return undefined
    throw error
  }
}

/** How a plugin or an error ended a session. */
export interface SessionExit {
  readonly status: number
  /** Sent to the client when the status is below 400. */
  readonly body: string | undefined
}

/**
 * Builds the record of `kong.log.serialize` for a connection without HTTP. The model does not see the bytes that the driver carries, so
 * only an exit's body is counted.
 */
export function buildSessionRecord(state: TransactionState, exit: SessionExit | undefined): LuaTable {
  const { client, node } = state
  const elapsed = Math.max(0, Math.round(node.now() - state.startedAt))
  const sent = exit && exit.status < 400 ? (exit.body?.length ?? 0) : 0
  const record = LuaTable.record([
    [
      'session',
      LuaTable.record([
        [
          'tls',
          client.tls &&
            LuaTable.record([
              ['version', client.tls.version],
              ['cipher', client.tls.cipher],
              ['client_verify', 'NONE'],
            ]),
        ],
        ['received', 0],
        ['sent', sent],
        ['status', exit?.status ?? 200],
        ['server_port', client.local.port],
      ]),
    ],
    [
      'upstream',
      LuaTable.record([
        ['received', 0],
        ['sent', 0],
      ]),
    ],
    [
      'latencies',
      LuaTable.record([
        ['kong', elapsed],
        ['session', elapsed],
      ]),
    ],
    ['tries', new LuaTable('array')],
    ['route', state.ctx.get('route')],
    ['service', state.ctx.get('service')],
    ['client_ip', client.peer.ip],
    ['started_at', state.startedAt],
    ['workspace', state.ctx.get('workspace')],
    ['workspace_name', 'default'],
  ])
  for (const edit of state.serializeEdits) applyEdit(record, edit)
  return record
}
