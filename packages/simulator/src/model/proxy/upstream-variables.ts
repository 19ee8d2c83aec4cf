import { isIP } from 'node:net'
import { asciiLower, LuaTable, luaToString, type LuaValue } from '@kong-ts/schema/lua'
import { firstHeader } from '../http/header-lines.js'
import { escapePath } from '../request/request-target.js'
import type { RouteMatch } from '../request/route-question.js'
import type { TransactionState } from '../state/transaction-state.js'
import type { BalancerTarget } from '../state/upstream-state.js'

/** Reads a header as it was when access began. A repeated header gives its first value. */
export type SeenHeaders = (name: string) => string | undefined

/** Takes the headers that Kong itself reads in access. Kong reads them once, so it does not see what plugins change later. */
export function seenHeaders({ request, node }: TransactionState): SeenHeaders {
  const headers = request.headers.table(node.settings.luaMaxReqHeaders)
  return (name) => firstHeader(headers, name)
}

/** The scheme that the client used. A trusted peer can name it in a header. */
export function forwardedProto({ request }: TransactionState, header: SeenHeaders): string {
  return (request.peerIsTrusted ? header('x-forwarded-proto') : undefined) ?? request.scheme
}

/** The host that the client asked for. A trusted peer can name it in a header. */
export function forwardedHost({ request }: TransactionState, header: SeenHeaders): string {
  return (request.peerIsTrusted ? header('x-forwarded-host') : undefined) ?? request.host
}

/** Sets the variables of the request to the service. Runs between routing and the access handlers. */
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

/** The path for the service (`path_handling` v0): the service's own path, then the request's path without the prefix that is cut off. */
function upstreamPath(requestPath: string, prefix: string | undefined, servicePath: string | undefined): string {
  const base = servicePath ?? '/'
  if (prefix === undefined) {
    if (base.endsWith('/')) return base + requestPath.slice(1)
    return requestPath === '/' ? base : base + requestPath
  }
  const rest = withoutDots(requestPath.slice(prefix.length))
  if (rest === '') return pathWithoutRest(base, requestPath.endsWith('/') && requestPath.length > 1)
  if (base.endsWith('/')) return rest.startsWith('/') ? base.slice(0, -1) + rest : base + rest
  return rest.startsWith('/') ? base + rest : `${base}/${rest}`
}

function pathWithoutRest(base: string, requestEndsInSlash: boolean): string {
  if (base === '/') return '/'
  if (base.endsWith('/')) return requestEndsInSlash ? base : base.slice(0, -1)
  return requestEndsInSlash ? `${base}/` : base
}

function withoutDots(rest: string): string {
  if (rest === '.' || rest === '..') return ''
  if (rest.startsWith('./')) return rest.slice(2)
  return rest.startsWith('../') ? rest.slice(3) : rest
}

function targetOf(service: LuaTable): BalancerTarget {
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

/** The balancer's data as `kong.nginx.get_ctx("balancer_data")` shows them. */
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

/** Completes the variables after the access handlers: appends the query, removes hop-by-hop headers. */
export function finishUpstream({ request, upstream, seenHeader }: TransactionState): void {
  if (request.target.requestUri.endsWith('?') || request.args) upstream.uri += `?${request.args ?? ''}`
  for (const name of listItems(seenHeader('connection') ?? ''))
    if (name !== 'upgrade' || upstream.connection === 'keep-alive') request.headers.clear(name)
  if (listItems(seenHeader('te') ?? '').includes('trailers')) upstream.te = 'trailers'
  if (seenHeader('proxy') !== undefined) request.headers.clear('Proxy')
  if (seenHeader('proxy-connection') !== undefined) request.headers.clear('Proxy-Connection')
}

/** The items of a comma-separated list, in lower case. A value that is one of the words of Connection has none. */
function listItems(value: string): string[] {
  if (['close', 'upgrade', 'keep-alive'].includes(asciiLower(value))) return []
  return value
    .split(',')
    .map((item) => asciiLower(item.trim()))
    .filter((item) => item !== '')
}
