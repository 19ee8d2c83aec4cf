import { asciiLower } from '@kong-ts/schema/lua'
import type { ClientResponse, HeaderList } from '../http/messages.js'
import type { TransactionState } from '../transaction/transaction-state.js'
import { reasonOf } from './status-reason.js'

/** What the client's own head says of the connection: HTTP/1.1 keeps it unless told to close, 1.0 closes unless told to keep. */
export function clientKeepsAlive({ client }: TransactionState): boolean {
  if (client.httpVersion === '2') return false
  const connection = client.headers
    .filter(([name]) => asciiLower(name) === 'connection')
    .map(([, value]) => value)
    .join(',')
    .toLowerCase()
  if (client.httpVersion === '1.0') return connection.includes('keep-alive')
  return !connection.includes('close')
}

/** The headers nginx makes up when a plugin looks at the response. By the log phase the connection counts as closed. */
export function computedHeaders(state: TransactionState): HeaderList {
  const { response } = state
  const computed: (readonly [string, string])[] = []
  if (response.serviceLength !== undefined && !response.headers.has('content-length'))
    computed.push(['content-length', String(response.serviceLength)])
  if (response.status === 101) computed.push(['connection', 'upgrade'])
  else
    computed.push([
      'connection',
      (!response.sent || response.silence === 'closed' || response.status === 499) && keepsAlive(state) ? 'keep-alive' : 'close',
    ])
  if (response.sent && response.isInChunks) computed.push(['transfer-encoding', 'chunked'])
  return computed
}

function keepsAlive(state: TransactionState): boolean {
  return clientKeepsAlive(state) && !state.response.closes
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304
}

/** True when the body of the service's answer is still on its connection and the client is to have it. */
export function passesResponseBody({ response, request }: TransactionState): boolean {
  return response.bodyFollows && request.method !== 'HEAD' && !hasNoBody(response.status)
}

/** True when the service switches to another protocol because the client asked for it. */
export function isTunnel({ response, request, client }: TransactionState): boolean {
  return response.status === 101 && request.headers.first('upgrade') !== undefined && client.httpVersion !== '2'
}

/** HTTP/1.1 sends a body of unknown length in chunks. */
function isChunked({ response, client, request }: TransactionState): boolean {
  const { status, headers, lengthUnknown, isBare } = response
  const mayHaveChunks = !isBare && client.httpVersion === '1.1' && request.method !== 'HEAD' && status >= 200 && !hasNoBody(status)
  return mayHaveChunks && lengthUnknown && !headers.has('content-length')
}

/** The response as nginx puts it on the wire: its own lines first, then the list in order. */
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
