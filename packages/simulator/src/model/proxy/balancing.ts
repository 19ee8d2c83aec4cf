import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import type { ServiceFailure } from '../http/messages.js'
import { decodeArgs } from '../http/url-encoding.js'
import type { HashSource } from '../node/kong-upstream.js'
import { cookieValue } from '../request/request-headers.js'
import type { TransactionState } from '../state/transaction-state.js'
import type { BalancerTarget } from '../state/upstream-state.js'

/** The peer of one attempt, or why there is none. */
type PeerChoice =
  | { readonly kind: 'peer'; readonly host: string; readonly port: number; readonly hostname: string }
  /** The upstream has no target that can be used. */
  | { readonly kind: 'no-peer' }
  /** The host is a name where Kong expects an address: Kong resolves names only for services whose own host is a name. */
  | { readonly kind: 'not-an-address' }

/** Chooses the peer of the next attempt, as Kong's balancer does. */
export function choosePeer(state: TransactionState, target: BalancerTarget): PeerChoice {
  const direct = { kind: 'peer', host: target.host, port: target.port, hostname: target.host } as const
  const isAddress = isIP(target.host.replace(/^\[(.*)\]$/, '$1')) !== 0
  if (!serviceHostIsName(state)) return isAddress ? direct : { kind: 'not-an-address' }
  const upstream = state.node.upstreams.get(target.host)
  if (!upstream) return direct
  if (state.upstream.tries.length === 0) state.upstream.hashKey = hashKey(state, upstream.hashSources)
  const tried = state.upstream.tries.map(({ ip, port }) => ({ host: ip, port }))
  const next = upstream.next(tried, state.upstream.hashKey)
  return next ? { kind: 'peer', host: next.host, port: next.port, hostname: upstream.hostHeader ?? next.host } : { kind: 'no-peer' }
}

function serviceHostIsName({ match }: TransactionState): boolean {
  const service = match?.service
  if (!service) return false
  const host = service.get('host')
  return isIP(typeof host === 'string' ? host : '') === 0
}

/** What the request is hashed by: the value of the first source that the request has. */
function hashKey(state: TransactionState, sources: readonly HashSource[]): string | undefined {
  for (const source of sources) {
    const key = keyOf(state, source)
    if (key !== undefined && key !== '') return key
  }
  return undefined
}

function keyOf(state: TransactionState, source: HashSource): string | undefined {
  const { request } = state
  switch (source.on) {
    case 'consumer':
      return idOf(state.ctx.get('authenticated_consumer')) ?? idOf(state.ctx.get('authenticated_credential'))
    case 'ip':
      return request.remote.ip
    case 'path':
      return request.path
    case 'header':
      return request.headers.values(source.name).join()
    case 'query_arg':
      return argumentText(decodeArgs(request.args ?? '', state.node.settings.luaMaxUriArgs).get(source.name))
    case 'uri_capture':
      return captureOf(state, source.name)
    case 'cookie':
      return cookieValue(request.headers.similar('cookie'), source.name.toLowerCase()) ?? giveCookie(state, source.name, source.path)
  }
}

function idOf(entity: LuaValue): string | undefined {
  const id = entity instanceof LuaTable ? entity.get('id') : undefined
  return typeof id === 'string' ? id : undefined
}

/** The values of a repeated argument are sorted first. */
function argumentText(value: LuaValue): string | undefined {
  if (value instanceof LuaTable) return Array.from(value.items(), String).toSorted().join()
  return value === undefined ? undefined : String(value)
}

function captureOf({ match }: TransactionState, name: string): string | undefined {
  const captures = match?.captures
  const number = Number(name)
  return Number.isInteger(number) ? captures?.unnamed[number] : captures?.named.get(name)
}

function giveCookie(state: TransactionState, name: string, path: string): string {
  const value = randomUUID()
  state.headerFilters.push(({ response }) => response.headers.add('Set-Cookie', [`${name}=${value}; Path=${path}`]))
  return value
}

const DEFAULT_PORTS = new Map([
  ['http', 80],
  ['https', 443],
])

/** Sets the Host header for the service. The port is left out when it is the default of the scheme. */
export function setServiceHost({ upstream }: TransactionState, hostname: string, port: number): void {
  upstream.host = port === DEFAULT_PORTS.get(upstream.scheme) ? hostname : `${hostname}:${port}`
}

/** nginx does not repeat a request with one of these methods once it was sent. */
const NOT_REPEATED = new Set(['POST', 'LOCK', 'PATCH'])

/** Whether nginx tries the next peer after this failure. It never does once a part of a body that is passed on was sent. */
export function mayRetry(state: TransactionState, target: BalancerTarget, failure: ServiceFailure['failure']): boolean {
  if (state.upstream.tries.length > target.retries) return false
  const sent = failure !== 'refused' && failure !== 'connect-timeout'
  return !(sent && (state.request.body.isAwaited || NOT_REPEATED.has(state.request.method)))
}

/** The status with which nginx answers a failure. */
export function failureStatus(failure: ServiceFailure['failure']): number {
  return failure === 'connect-timeout' || failure === 'read-timeout' ? 504 : 502
}

/** Appends a status to `$upstream_status`. */
export function noteUpstreamStatus({ upstream }: TransactionState, status: number): void {
  const text = String(status).padStart(3, '0')
  upstream.status = upstream.status === undefined ? text : `${upstream.status}, ${text}`
}
