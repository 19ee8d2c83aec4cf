import { asciiLower, textToBytes } from '@kong-ts/schema/lua'
import type { ServiceRequest } from '../http/messages.js'
import type { TransactionState } from '../state/transaction-state.js'
import type { BalancerTarget } from '../state/upstream-state.js'

/** Kong itself sends a buffered request, and knows these methods only. */
const BUFFERED_METHODS = new Set([
  'GET',
  'HEAD',
  'PUT',
  'POST',
  'DELETE',
  'OPTIONS',
  'MKCOL',
  'COPY',
  'MOVE',
  'PROPFIND',
  'PROPPATCH',
  'LOCK',
  'UNLOCK',
  'PATCH',
  'TRACE',
])
/** nginx never passes these headers on from the client. */
const DROPPED = ['transfer-encoding', 'content-length', 'keep-alive', 'expect']

/** Notes an attempt to reach a peer, and builds its request: Kong's own headers, the framing, then the client's headers in their order. */
export function startAttempt(
  state: TransactionState,
  target: BalancerTarget,
  peer: { readonly host: string; readonly port: number },
): ServiceRequest {
  const { request, upstream, node, client } = state
  upstream.tries.push({ ip: peer.host, port: peer.port, startedAt: node.now() })
  const own: readonly (readonly [string, string])[] = [
    ['TE', upstream.te],
    ['Via', upstream.via],
    ['Host', upstream.host],
    ['Upgrade', upstream.upgrade],
    ['Connection', upstream.connection],
    ['X-Forwarded-For', upstream.forwardedFor],
    ['X-Forwarded-Proto', upstream.forwardedProto],
    ['X-Forwarded-Host', upstream.forwardedHost],
    ['X-Forwarded-Port', upstream.forwardedPort],
    ['X-Forwarded-Path', upstream.forwardedPath],
    ['X-Forwarded-Prefix', upstream.forwardedPrefix ?? ''],
    ['X-Real-IP', request.remote.ip],
  ]
  const sendsId = node.settings.headersUpstream.has('x-kong-request-id')
  const headers = own.filter(([, value]) => value !== '').map(([name, value]) => [name, value] as const)
  if (sendsId) headers.push(['X-Kong-Request-Id', state.requestId])
  const framing = bodyFraming(state)
  if (framing) headers.push(framing.header)
  const taken = new Set([...own.map(([name]) => asciiLower(name)), ...(sendsId ? ['x-kong-request-id'] : []), ...DROPPED])
  headers.push(...request.headers.list().filter(([name]) => !taken.has(asciiLower(name))))
  return {
    scheme: upstream.scheme === 'https' ? 'https' : 'http',
    host: peer.host,
    port: peer.port,
    method: state.buffered && !BUFFERED_METHODS.has(request.method) ? 'GET' : request.method,
    target: upstream.uri,
    httpVersion: '1.1',
    headers,
    body: textToBytes(request.body.content),
    passesBody: passesBody(state) && request.body.isAwaited,
    chunked: framing?.chunked ?? false,
    tlsServerName: upstream.host,
    verifiesTls: upstream.tlsVerify,
    timeouts: { connect: target.connectTimeout, write: target.writeTimeout, read: target.readTimeout },
    complete: client.bodyComplete ?? true,
  }
}

/** True when nginx passes the client's body on while it arrives: the route has `request_buffering: false`, and nothing read the body. */
export function passesBody({ request, match, buffered }: TransactionState): boolean {
  return match?.route.get('request_buffering') === false && !buffered && !request.body.isRead
}

/** The header that tells where the body ends. A Content-Length that a plugin set goes out as it is. */
function bodyFraming(state: TransactionState): { readonly header: readonly [string, string]; readonly chunked: boolean } | undefined {
  const { request, client } = state
  const length = request.headers.first('content-length')
  if (length !== undefined) return { header: ['Content-Length', length], chunked: false }
  const inChunks = { header: ['Transfer-Encoding', 'chunked'], chunked: true } as const
  if (passesBody(state) && request.body.isAwaited) return inChunks
  const clientChunked = client.headers.some(
    ([name, value]) => asciiLower(name) === 'transfer-encoding' && asciiLower(value).includes('chunked'),
  )
  const wholeLength = { header: ['Content-Length', String(request.body.content.length)], chunked: false } as const
  if (!clientChunked) return request.body.content.length > 0 ? wholeLength : undefined
  return passesBody(state) ? inChunks : wholeLength
}
