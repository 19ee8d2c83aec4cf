import { constants, type ServerHttp2Stream } from 'node:http2'
import type { HeaderList, ResponseHead } from '../../model/index.js'
import { PacedWriter } from '../net/paced-writer.js'
import { headBytes } from './message-head.js'
import type { ResponseSink } from './pass-body.js'

/** Headers of HTTP/1 connections, which HTTP/2 forbids. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])

/** Without `sendDate: false`, Node adds a Date header. */
const HEADERS_AS_GIVEN = { endStream: false, sendDate: false }

/** A response on a stream of an HTTP/2 connection. `bytesSent` counts the head without compression. */
export class Http2Response implements ResponseSink {
  readonly #stream: ServerHttp2Stream
  readonly #head: ResponseHead
  readonly #writer: PacedWriter
  #headLength = 0

  /** @param sendTimeoutMs longest wait for the client to take bytes. */
  constructor(stream: ServerHttp2Stream, head: ResponseHead, sendTimeoutMs: number) {
    this.#stream = stream
    this.#head = head
    this.#writer = new PacedWriter(stream, sendTimeoutMs)
  }

  get bytesSent(): number {
    return this.#headLength + this.#writer.bytesSent
  }

  async send(bytes: Buffer): Promise<boolean> {
    return this.#sendHead() && (bytes.length === 0 || (await this.#writer.write(bytes)))
  }

  async end(bytes: Buffer): Promise<boolean> {
    const isSent = await this.send(bytes)
    if (isSent) this.#stream.end()
    return isSent
  }

  cut(): void {
    // `close` would mark the body as complete first.
    this.#stream.destroy(new Error('the service broke off'))
  }

  #sendHead(): boolean {
    const head = this.#head
    const stream = this.#stream
    if (stream.destroyed || stream.closed) return false
    if (stream.headersSent) return true
    this.#headLength = headBytes(`HTTP/2 ${head.status}`, head.headers).length
    // nginx sends such a header, and clients treat the response as malformed.
    if (head.headers.some(([name]) => CONNECTION_HEADERS.has(name.toLowerCase()))) {
      stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
      return false
    }
    stream.respond(outgoing(head.status, head.headers), HEADERS_AS_GIVEN)
    return true
  }
}

function outgoing(status: number, headers: HeaderList): Record<string, string | string[] | number> {
  const result: Record<string, string | string[] | number> = { [constants.HTTP2_HEADER_STATUS]: status }
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    const before = result[key]
    result[key] = before === undefined ? value : [before, value].flat().map(String)
  }
  return result
}
