import type { ServiceFailure, ServiceRequest, ServiceResponse } from '../../../src/model/index.js'
import { unchunk } from './chunked-text.js'
import { bytesToCorpus, corpusBytes, type CorpusReply } from './corpus-case.js'

const DEFAULT_REPLY = {
  status: 200,
  reason: 'OK',
  headers: [
    ['Content-Type', 'text/plain'],
    ['X-Upstream', 'yes'],
    ['X-Multi', 'a'],
    ['X-Multi', 'b'],
    ['Content-Length', '8'],
  ] as readonly (readonly [string, string])[],
  body: 'upstream' as CorpusReply['body'],
}
/** The least time that the recorded services took, in milliseconds. */
const OWN_DELAY = 1
const SERVERS = new Map([
  [28080, 'A'],
  [28081, 'B'],
  [28082, 'TLS'],
])

/** The service does not finish before the client leaves. `head` is present when it sent one. */
export interface Unfinished {
  readonly hangs: true
  readonly head?: ServiceResponse
}

/** The answer of a service to one request. */
export type ServiceOutcome = ServiceResponse | ServiceFailure | Unfinished

/** The services of the recordings: three servers that note what they receive and answer as the case says. */
export class ScriptedService {
  readonly received: unknown[] = []

  readonly #reply: CorpusReply | undefined
  readonly #patience: number

  /** @param patience milliseconds after which the client leaves. */
  constructor(reply: CorpusReply | undefined, patience: number) {
    this.#reply = reply
    this.#patience = patience
  }

  answer(request: ServiceRequest): ServiceOutcome {
    if (request.host.endsWith('.invalid')) return { failure: 'dns' }
    const server = SERVERS.get(request.port)
    const address = request.host === 'localhost' ? { address: '127.0.0.1' } : {}
    if (server === undefined || (request.host !== '127.0.0.1' && request.host !== 'localhost')) return { failure: 'refused', ...address }
    if (server === 'TLS' && request.scheme === 'http') return { failure: 'closed' }
    if (server !== 'TLS' && request.scheme === 'https') return { hangs: true }
    const complete = this.#note(server, request)
    if (!complete) return { hangs: true }
    const { delay = 0 } = this.#reply ?? {}
    if (delay > request.timeouts.read || request.timeouts.read <= OWN_DELAY) return { failure: 'read-timeout' }
    if (delay > this.#patience) return { hangs: true }
    const outcome = this.#respond(request)
    return 'hangs' in outcome ? outcome : { ...outcome, ...address }
  }

  #note(upstream: string, request: ServiceRequest): boolean {
    const body = Buffer.from(request.body).toString('latin1')
    const length = request.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1]
    const expected = request.chunked ? body.length : Number(length ?? 0)
    const complete = request.complete && body.length >= expected
    this.received.push({
      upstream,
      request_line: `${request.method} ${request.target} HTTP/1.1`,
      headers: request.headers,
      complete,
      ...(complete ? { body: bytesToCorpus(body.slice(0, expected)) } : {}),
    })
    return complete
  }

  #respond(request: ServiceRequest): ServiceOutcome {
    const reply = this.#reply
    if (reply?.close === true) return { failure: 'closed' }
    if (reply?.raw !== undefined) return parseRaw(corpusBytes(reply.raw), reply.end === true, request.method === 'HEAD')
    const { status, reason, headers, body } = { ...DEFAULT_REPLY, ...reply }
    const text = request.method === 'HEAD' ? '' : corpusBytes(body)
    return complete(
      { status, reason: reason ?? 'X', headers, body: new Uint8Array() },
      text,
      reply?.end === true,
      request.method === 'HEAD',
    )
  }
}

function parseRaw(raw: string, ends: boolean, head: boolean): ServiceOutcome {
  const at = raw.indexOf('\r\n\r\n')
  const lines = raw.slice(0, Math.max(at, 0)).split('\r\n')
  const start = /^HTTP\/(1\.[01]) (\d{3}) ?(.*)$/.exec(lines[0] ?? '')
  if (at < 0 || !start) return ends ? { failure: 'invalid' } : { hangs: true }
  const headers = lines.slice(1).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
  const httpVersion = start[1] === '1.0' ? '1.0' : '1.1'
  return complete(
    { httpVersion, status: Number(start[2]), reason: start[3] ?? '', headers, body: new Uint8Array() },
    raw.slice(at + 4),
    ends,
    head,
  )
}

/** Finds the end of the body: length, chunks, or the end of the connection. */
function complete(response: ServiceResponse, text: string, ends: boolean, head: boolean): ServiceOutcome {
  const value = (wanted: string): string | undefined => response.headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
  const bytes = (body: string): Uint8Array => new Uint8Array(Buffer.from(body, 'latin1'))
  if (head || response.status === 204 || response.status === 304) return response
  if (value('transfer-encoding')?.toLowerCase().includes('chunked') === true) {
    const body = unchunk(text)
    if (body !== undefined) return { ...response, body: bytes(body) }
    return ends ? { ...response, body: bytes(''), truncated: true } : { hangs: true, head: response }
  }
  const length = value('content-length')
  if (length === undefined) return ends ? { ...response, body: bytes(text) } : { hangs: true, head: response }
  if (text.length >= Number(length)) return { ...response, body: bytes(text.slice(0, Number(length))) }
  return ends ? { ...response, body: bytes(text), truncated: true } : { hangs: true, head: response }
}
