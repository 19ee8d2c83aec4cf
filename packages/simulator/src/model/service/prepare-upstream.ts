import { isIP } from 'node:net'
import { luaToString, LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { escapePath } from '../request/kong-path.js'
import { firstOf, lookup } from '../request/request-headers.js'
import type { RouteMatch } from '../transaction/kong-transaction.js'
import type { TransactionState } from '../transaction/transaction-state.js'
import { upstreamPath } from './upstream-path.js'

/** Looks up a header as it was when access began; a repeated one has its first value. */
export type SeenHeaders = (name: string) => string | undefined

/** Kong reads the headers it needs itself from one table made when access begins: what plugins change later it does not see. */
export function seenHeaders({ request, node }: TransactionState): SeenHeaders {
  const headers = request.headers.table(node.settings.luaMaxReqHeaders)
  return (name) => firstOf(lookup(headers, name))
}

/** The scheme the client used as far as Kong may believe it. */
export function forwardedProto({ request }: TransactionState, header: SeenHeaders): string {
  return (request.peerIsTrusted ? header('x-forwarded-proto') : undefined) ?? request.scheme
}

/** The host the client asked for as far as Kong may believe it. */
export function forwardedHost({ request }: TransactionState, header: SeenHeaders): string {
  return (request.peerIsTrusted ? header('x-forwarded-host') : undefined) ?? request.host
}

/** Fills the variables of the request to the service once a route is matched, before the access handlers. */
export function prepareUpstream(state: TransactionState, match: RouteMatch, header: SeenHeaders): void {
  const { request, upstream, node, client } = state
  const { service, route } = match
  state.seenHeader = header
  const trusted = (name: string): string | undefined => (request.peerIsTrusted ? header(name) : undefined)
  upstream.scheme = text(service?.get('protocol')) ?? 'http'
  upstream.uri = escapePath(upstreamPath(request.path, match.prefix, text(service?.get('path'))))
  if (route.get('preserve_host') === true) upstream.host = request.hostForRouting
  upstream.connection = 'keep-alive'
  if (header('upgrade')?.toLowerCase() === 'websocket') {
    upstream.connection = 'keep-alive, Upgrade'
    upstream.upgrade = 'websocket'
  }
  const forwardedFor = header('x-forwarded-for')
  upstream.forwardedFor = forwardedFor === undefined ? request.remote.ip : `${forwardedFor}, ${client.peer.ip}`
  upstream.forwardedProto = forwardedProto(state, header)
  upstream.forwardedHost = forwardedHost(state, header)
  upstream.forwardedPort = trusted('x-forwarded-port') ?? luaToString(state.hostPort)
  upstream.forwardedPath = trusted('x-forwarded-path') ?? request.rawPath
  upstream.forwardedPrefix = trusted('x-forwarded-prefix') ?? (match.prefix === '/' ? undefined : match.prefix)
  const version = client.httpVersion === '1.0' ? '1' : client.httpVersion
  const via = `${version} kong/${node.version}`
  const given = header('via')
  upstream.via = given === undefined ? via : `${given}, ${via}`
  if (service) upstream.target = targetOf(service)
}

/** Whether the service's own host is a name: only then are names given by plugins resolved. */
export function serviceHostIsName(service: LuaTable): boolean {
  return isIP(text(service.get('host')) ?? '') === 0
}

function targetOf(service: LuaTable): NonNullable<TransactionState['upstream']['target']> {
  return {
    host: text(service.get('host')) ?? '',
    port: number(service.get('port')) ?? 80,
    retries: number(service.get('retries')) ?? 5,
    connectTimeout: number(service.get('connect_timeout')) ?? 60000,
    writeTimeout: number(service.get('write_timeout')) ?? 60000,
    readTimeout: number(service.get('read_timeout')) ?? 60000,
  }
}

function text(value: LuaValue): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function number(value: LuaValue): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** Kong's own view of the balancer, as `kong.nginx.get_ctx("balancer_data")` shows it. */
export function balancerData({ upstream }: TransactionState): LuaTable {
  const { target } = upstream
  const host = target?.host ?? ''
  return LuaTable.record([
    ['scheme', upstream.scheme],
    ['host', target?.host],
    ['port', target?.port],
    ['retries', target?.retries],
    ['type', isIP(host) === 0 ? 'name' : isIP(host) === 4 ? 'ipv4' : 'ipv6'],
    ['connect_timeout', target?.connectTimeout],
    ['send_timeout', target?.writeTimeout],
    ['read_timeout', target?.readTimeout],
    ['tries', new LuaTable()],
    ['try_count', 0],
  ])
}
