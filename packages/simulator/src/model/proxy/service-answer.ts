import { asciiLower, bytesToText } from '@kong-ts/schema/lua'
import type { HeaderList, ServiceHead, ServiceResponse } from '../http/messages.js'
import type { BufferedResponse, TransactionState } from '../state/transaction-state.js'

/** Headers about the connection, and headers that control nginx. nginx does not copy them from the service's answer. */
const HIDDEN = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-type',
  'x-accel-expires',
  'x-accel-redirect',
  'x-accel-limit-rate',
  'x-accel-buffering',
  'x-accel-charset',
])

function valueOf(headers: HeaderList, name: string): string | undefined {
  return headers.find(([key]) => asciiLower(key) === name)?.[1]
}

function isChunked(headers: HeaderList): boolean {
  return asciiLower(valueOf(headers, 'transfer-encoding') ?? '').includes('chunked')
}

/** Takes over an unbuffered answer. Its lines come after those that plugins set; its status and type replace theirs. */
export function passThrough(state: TransactionState, answer: ServiceResponse | ServiceHead): void {
  const { response, request } = state
  response.status = answer.status
  response.reason = answer.reason
  response.ownDate = false
  if (answer.httpVersion === '0.9') {
    response.isBare = true
    // Without a status line Lua reads the HTTP version as the status. nginx writes it as 9.
    if (state.client.httpVersion !== '2') response.status = 9
    state.log.write('error', 'upstream sent no valid HTTP/1.0 header while reading response header from upstream')
  }
  state.serviceLines = answer.headers
  response.headers.setType(valueOf(answer.headers, 'content-type'))
  for (const [name, value] of answer.headers) if (!HIDDEN.has(asciiLower(name))) response.headers.copy(name, value)
  // nginx has a place for Server behind the service's lines. Kong fills it later.
  response.headers.reserve('Server')
  const length = valueOf(answer.headers, 'content-length')
  if (length !== undefined && !isChunked(answer.headers)) response.serviceLength = Number(length)
  else if (request.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304) response.lengthUnknown = true
  if ('body' in answer) {
    response.body = answer.body
    response.truncated = answer.truncated ?? false
    return
  }
  response.bodyFollows = true
  response.flushes = flushes(state, answer)
}

/** nginx sends each piece at once when the route has `response_buffering: false`. The service can decide with `X-Accel-Buffering`. */
function flushes({ match }: TransactionState, answer: ServiceHead): boolean {
  const chosen = asciiLower(valueOf(answer.headers, 'x-accel-buffering') ?? '')
  if (chosen === 'no' || chosen === 'yes') return chosen === 'no'
  return match?.route.get('response_buffering') === false
}

/** Holds a service's response back for the response phase. Kong keeps its headers in a table, without the framing lines. */
export function holdBack(answer: ServiceResponse): BufferedResponse {
  const headers = new Map<string, string[]>()
  const chunked = isChunked(answer.headers)
  for (const [name, value] of answer.headers) {
    const lower = asciiLower(name)
    if (lower === 'content-type') headers.set('Content-Type', [value])
    else if (lower === 'content-length') {
      if (!chunked) headers.set('Content-Length', [value])
    } else if (!HIDDEN.has(lower)) headers.set(name, [...(headers.get(name) ?? []), value])
  }
  return { status: answer.status, headers, body: bytesToText(answer.body) }
}

/** Copies a held-back response into the response, before the response handlers run. */
export function placeBuffered({ response }: TransactionState, held: BufferedResponse): void {
  response.status = held.status
  for (const [name, values] of held.headers) {
    if (asciiLower(name) === 'transfer-encoding') continue
    response.headers.set(
      name,
      values.map((value) => (value === '' ? ' ' : value)),
    )
  }
  response.body = new Uint8Array(Buffer.from(held.body, 'latin1'))
  response.lengthUnknown = true
}
