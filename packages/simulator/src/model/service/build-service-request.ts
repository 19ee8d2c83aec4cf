import { asciiLower, textToBytes } from '@kong-ts/schema/lua'
import type { ServiceRequest } from '../http/messages.js'
import type { BalancerTarget } from './upstream-state.js'
import type { TransactionState } from '../transaction/transaction-state.js'

/** Finishes the variables of the request to the service after the access handlers: query, hop-by-hop headers. */
export function finishUpstream({ request, upstream, seenHeader }: TransactionState): void {
  if (request.target.requestUri.endsWith('?') || request.args) upstream.uri += `?${request.args ?? ''}`
  for (const name of csv(seenHeader('connection') ?? ''))
    if (name !== 'upgrade' || upstream.connection === 'keep-alive') request.headers.clear(name)
  if (csv(seenHeader('te') ?? '').includes('trailers')) upstream.te = 'trailers'
  if (seenHeader('proxy') !== undefined) request.headers.clear('Proxy')
  if (seenHeader('proxy-connection') !== undefined) request.headers.clear('Proxy-Connection')
}

/** Items of a list in lower case; a value that is nothing but one of the connection's own words names none. */
function csv(value: string): string[] {
  if (['close', 'upgrade', 'keep-alive'].includes(asciiLower(value))) return []
  return value
    .split(',')
    .map((item) => asciiLower(item.trim()))
    .filter((item) => item !== '')
}

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
/** nginx never passes these on from the client. */
const DROPPED = ['transfer-encoding', 'content-length', 'keep-alive', 'expect']

/** The request to one peer: Kong's own headers first, then the framing, then the client's other headers in their order. */
export function buildServiceRequest(
  state: TransactionState,
  peer: { readonly host: string; readonly port: number; readonly target: BalancerTarget },
): ServiceRequest {
  const { request, upstream, node, client } = state
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
  const headers = own.filter(([, value]) => value !== '').map(([name, value]) => [name, value] as const)
  if (node.settings.headersUpstream.has('x-kong-request-id')) headers.push(['X-Kong-Request-Id', state.requestId])
  const framing = bodyFraming(state)
  if (framing) headers.push(framing.header)
  const taken = new Set([...own.map(([name]) => asciiLower(name)), 'x-kong-request-id', ...DROPPED])
  if (!node.settings.headersUpstream.has('x-kong-request-id')) taken.delete('x-kong-request-id')
  headers.push(...request.headers.list().filter(([name]) => !taken.has(asciiLower(name))))
  return {
    scheme: upstream.scheme === 'https' ? 'https' : 'http',
    host: peer.host,
    port: peer.port,
    // A buffered request is made anew by Kong, which knows these methods only.
    method: state.buffered && !BUFFERED_METHODS.has(request.method) ? 'GET' : request.method,
    target: upstream.uri,
    httpVersion: '1.1',
    headers,
    body: textToBytes(request.body.content),
    passesBody: passesBody(state) && request.body.isAwaited,
    chunked: framing?.chunked ?? false,
    tlsServerName: upstream.host,
    verifiesTls: upstream.tlsVerify,
    timeouts: { connect: peer.target.connectTimeout, write: peer.target.writeTimeout, read: peer.target.readTimeout },
    complete: client.bodyComplete ?? true,
  }
}

/** True when the client's body goes to the service while it comes: the route says so, and nothing wanted to see it before. */
export function passesBody({ request, match, buffered }: TransactionState): boolean {
  return match?.route.get('request_buffering') === false && !buffered && !request.body.isRead
}

/** Content-Length when it is known, as it stands after plugins changed it. */
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
