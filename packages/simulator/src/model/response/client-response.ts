import { asciiLower, type LuaTable } from '@kong-ts/schema/lua'
import type { ClientResponse, HeaderList } from '../http/messages.js'
import { reasonOf } from './status-texts.js'
import type { TransactionState } from '../state/transaction-state.js'

/**
 * Kong's header filter, which runs when the head is sent. Adds latencies, Via, Server and request id; removes hop-by-hop headers of the
 * service.
 */
export function filterResponseHeaders(state: TransactionState): void {
  const { response, node } = state
  if (state.proxied) removeHopByHop(state)
  for (const filter of state.headerFilters) filter(state)
  const { times } = state
  times.head ??= node.now()
  const enabled = (name: string): boolean => node.settings.headers.has(asciiLower(name))
  if (state.proxied) {
    if (enabled('X-Kong-Upstream-Latency')) response.headers.set('X-Kong-Upstream-Latency', [String(times.waiting ?? 0)])
    if (enabled('X-Kong-Proxy-Latency')) response.headers.set('X-Kong-Proxy-Latency', [String(times.kong)])
    if (enabled('Via')) response.headers.set('Via', [viaOf(state)])
    if (enabled('Server') && !response.headers.has('Server')) response.headers.set('Server', [`kong/${node.version}`])
  } else {
    if (enabled('X-Kong-Response-Latency')) response.headers.set('X-Kong-Response-Latency', [String(times.kong)])
    response.headers.set('Server', enabled('Server') ? [`kong/${node.version}`] : [])
  }
  if (enabled('X-Kong-Request-Id')) response.headers.set('X-Kong-Request-Id', [state.requestId])
}

/** Kong appends itself to the service's Via. A buffered response has no service lines, so Kong stands alone there. */
function viaOf({ node, serviceLines }: TransactionState): string {
  const own = `1.1 kong/${node.version}`
  const given = serviceLines
    .filter(([name]) => asciiLower(name) === 'via')
    .map(([, value]) => value)
    .join(', ')
  return given === '' ? own : `${given}, ${own}`
}

/** Connection options that are not names of headers. */
const CONNECTION_WORDS = ['close', 'upgrade', 'keep-alive']

function removeHopByHop({ response, serviceLines, upstream }: TransactionState): void {
  const value = (wanted: string): string | undefined => serviceLines.find(([name]) => asciiLower(name) === wanted)?.[1]
  const connection = value('connection')
  if (connection !== undefined && !CONNECTION_WORDS.includes(connection)) {
    for (const name of connection.split(',').map((item) => asciiLower(item.trim()))) {
      if (name !== '' && !CONNECTION_WORDS.includes(name)) response.headers.set(name, [])
    }
  }
  const upgrade = value('upgrade')
  if (upgrade !== undefined && asciiLower(upgrade) !== asciiLower(upstream.upgrade)) response.headers.set('Upgrade', [])
  if (upstream.te === '' && value('trailer') !== undefined) response.headers.set('Trailer', [])
}

/** The response's headers as `ngx.resp.get_headers` gives them. */
export function responseTable(state: TransactionState, limit: number): LuaTable {
  return state.response.headers.table(limit, computedHeaders(state))
}

/** The headers that nginx computes when a plugin reads the response. In the log phase the connection counts as closed. */
function computedHeaders(state: TransactionState): HeaderList {
  const { response } = state
  const computed: (readonly [string, string])[] = []
  if (response.serviceLength !== undefined && !response.headers.has('content-length'))
    computed.push(['content-length', String(response.serviceLength)])
  if (response.status === 101) computed.push(['connection', 'upgrade'])
  else {
    const isOpen = !response.sent || response.silence === 'closed' || response.status === 499
    computed.push(['connection', isOpen && keepsAlive(state) ? 'keep-alive' : 'close'])
  }
  if (response.sent && response.isInChunks) computed.push(['transfer-encoding', 'chunked'])
  return computed
}

function keepsAlive(state: TransactionState): boolean {
  return clientKeepsAlive(state) && !state.response.closes
}

/** HTTP/1.1 keeps the connection unless the client asks to close it; HTTP/1.0 closes it unless the client asks to keep it. */
function clientKeepsAlive({ client }: TransactionState): boolean {
  if (client.httpVersion === '2') return false
  const connection = client.headers
    .filter(([name]) => asciiLower(name) === 'connection')
    .map(([, value]) => value)
    .join(',')
    .toLowerCase()
  if (client.httpVersion === '1.0') return connection.includes('keep-alive')
  return !connection.includes('close')
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304
}

/** True when the driver passes the body of the service's answer on to the client. */
export function passesResponseBody({ response, request }: TransactionState): boolean {
  return response.bodyFollows && request.method !== 'HEAD' && !hasNoBody(response.status)
}

/** True when the service switches to the protocol that the client asked for. */
export function isTunnel({ response, request, client }: TransactionState): boolean {
  return response.status === 101 && request.headers.first('upgrade') !== undefined && client.httpVersion !== '2'
}

/** HTTP/1.1 sends a body of unknown length in chunks. */
function isChunked({ response, client, request }: TransactionState): boolean {
  const { status, headers, lengthUnknown, isBare } = response
  const mayHaveChunks = !isBare && client.httpVersion === '1.1' && request.method !== 'HEAD' && status >= 200 && !hasNoBody(status)
  return mayHaveChunks && lengthUnknown && !headers.has('content-length')
}

/** Builds the response as nginx sends it: first the lines that nginx computes, then the list in order. */
export function buildClientResponse(state: TransactionState): ClientResponse {
  const { response, client } = state
  if (response.silence) return { kind: response.silence }
  const { status } = response
  const chunked = isChunked(state)
  response.isInChunks = chunked
  const endless =
    response.lengthUnknown && !chunked && !hasNoBody(status) && client.httpVersion === '1.0' && !response.headers.has('content-length')
  const closes = !keepsAlive(state) || endless
  const headers: (readonly [string, string])[] = []
  if (response.ownDate && !response.headers.has('date') && !response.headers.isCleared('date'))
    headers.push(['Date', new Date(state.node.now()).toUTCString()])
  if (response.headers.contentType !== undefined && status !== 204) headers.push(['Content-Type', response.headers.contentType])
  if (response.serviceLength !== undefined && !response.headers.has('content-length') && !response.headers.isCleared('content-length'))
    headers.push(['Content-Length', String(response.serviceLength)])
  if (chunked) headers.push(['Transfer-Encoding', 'chunked'])
  if (client.httpVersion !== '2') headers.push(['Connection', status === 101 ? 'upgrade' : closes ? 'close' : 'keep-alive'])
  headers.push(...response.headers.list())
  const body = state.request.method === 'HEAD' || hasNoBody(status) ? new Uint8Array() : response.body
  return {
    kind: 'response',
    httpVersion: client.httpVersion === '2' ? '2' : response.isBare ? '0.9' : '1.1',
    status,
    reason: response.reason ?? reasonOf(status),
    headers: client.httpVersion === '2' ? headers.map(([name, value]) => [name.toLowerCase(), value] as const) : headers,
    body,
    chunked,
    closes,
    truncated: response.truncated,
  }
}

/** The bytes that a response takes in HTTP/1: status line, headers, and the body with its framing. */
export function wireLength(response: ClientResponse): number {
  if (response.kind !== 'response') return 0
  const { httpVersion, status, reason, headers, body, chunked } = response
  if (httpVersion === '0.9') return body.length
  const statusLine = `HTTP/${httpVersion} ${status} ${reason}`.trimEnd().length + 2
  const lines = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  return statusLine + lines + 2 + (chunked ? chunkedLength(body.length) : body.length)
}

/** The length of a body in one chunk, with the chunk that ends it. */
function chunkedLength(length: number): number {
  return (length === 0 ? 0 : length.toString(16).length + 2 + length + 2) + 5
}
