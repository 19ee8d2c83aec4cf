import { asciiLower, bytesToText } from '@kong-ts/schema/lua'
import type { HeaderList, ServiceHead, ServiceResponse } from '../http/messages.js'
import type { BufferedResponse, TransactionState } from '../transaction/transaction-state.js'

/** Lines that describe the connection or steer nginx; the client does not get them from the service. */
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

const valueOf = (headers: HeaderList, name: string): string | undefined => headers.find(([key]) => asciiLower(key) === name)?.[1]

/** Passes a service's response on while it arrives: its lines follow those set by plugins, its status and type replace theirs. */
export function passThrough(state: TransactionState, answer: ServiceResponse | ServiceHead): void {
  const { response, request } = state
  response.status = answer.status
  response.reason = answer.reason
  response.ownDate = false
  if (answer.httpVersion === '0.9') {
    response.isBare = true
    // Without a status line Lua gives the version of HTTP for the status, which nginx writes as 9.
    if (state.client.httpVersion !== '2') response.status = 9
    state.log.write('error', 'upstream sent no valid HTTP/1.0 header while reading response header from upstream')
  }
  state.serviceLines = answer.headers
  response.headers.setType(valueOf(answer.headers, 'content-type'))
  for (const [name, value] of answer.headers) if (!HIDDEN.has(asciiLower(name))) response.headers.copy(name, value)
  // nginx keeps places for Server and Date behind the service's lines; Kong then fills the first.
  response.headers.reserve('Server')
  const length = valueOf(answer.headers, 'content-length')
  const chunked = asciiLower(valueOf(answer.headers, 'transfer-encoding') ?? '').includes('chunked')
  if (length !== undefined && !chunked) response.serviceLength = Number(length)
  else if (request.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304) response.lengthUnknown = true
  if ('body' in answer) {
    response.body = answer.body
    response.truncated = answer.truncated ?? false
    return
  }
  response.bodyFollows = true
  response.flushes = flushes(state, answer)
}

/** nginx sends pieces on as they come when the route's `response_buffering` is off; the service may choose with `X-Accel-Buffering`. */
function flushes({ match }: TransactionState, answer: ServiceHead): boolean {
  const chosen = asciiLower(valueOf(answer.headers, 'x-accel-buffering') ?? '')
  if (chosen === 'no' || chosen === 'yes') return chosen === 'no'
  return match?.route.get('response_buffering') === false
}

/** A service's response held back: Kong sees its headers as a table, in which the framing lines are missing. */
export function holdBack(answer: ServiceResponse): BufferedResponse {
  const headers = new Map<string, string[]>()
  const chunked = asciiLower(valueOf(answer.headers, 'transfer-encoding') ?? '').includes('chunked')
  for (const [name, value] of answer.headers) {
    const lower = asciiLower(name)
    if (lower === 'content-type') headers.set('Content-Type', [value])
    else if (lower === 'content-length') {
      if (!chunked) headers.set('Content-Length', [value])
    } else if (!HIDDEN.has(lower)) headers.set(name, [...(headers.get(name) ?? []), value])
  }
  return { status: answer.status, headers, body: bytesToText(answer.body) }
}

/** Puts a held back response into place before the response handlers run. */
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
