import { constants, type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { ClientConnection, ClientRequest, ClientResponse, PassedBody, ResponseHead, HeaderList } from '../../model/index.js'
import { ByteReader } from '../net/byte-reader.js'
import type { ClientTimeouts } from '../settings/client-timeouts.js'
import { PacedWriter } from '../net/paced-writer.js'
import { type BodyEnd, type BodyPieces, NO_BODY, PlainBody } from './body-pieces.js'
import { passBody, type PassingBody, type ResponseSink } from './pass-body.js'
import type { HandleRequest, WaitingClient } from './waiting-client.js'
import { headBytes } from './message-head.js'

const NO_BYTES = new Uint8Array()

/** Serves the streams of one HTTP/2 connection. */
export function serveHttp2(
  socket: TLSSocket,
  connection: ClientConnection,
  worker: number,
  timeouts: ClientTimeouts,
  handle: HandleRequest,
): void {
  const session = performServerHandshake(socket)
  session.on('error', () => session.destroy())
  session.on('stream', (stream: ServerHttp2Stream, _headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
    stream.on('error', () => stream.destroy())
    void handle(toRequest(rawHeaders, !stream.endAfterHeaders, connection), worker, new Http2Exchange(stream, timeouts))
  })
}

function toRequest(rawHeaders: readonly string[], bodyFollows: boolean, connection: ClientConnection): ClientRequest {
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  const pseudo = (name: string): string | undefined => pairs.find(([each]) => each === name)?.[1]
  const authority = pseudo(':authority')
  const headers = pairs.filter(([name]) => !name.startsWith(':'))
  return {
    method: pseudo(':method') ?? '',
    target: pseudo(':path') ?? '',
    httpVersion: '2',
    headers: authority === undefined ? headers : [['host', authority], ...headers],
    body: NO_BYTES,
    bodyFollows,
    ...connection,
  }
}

/** One stream of an HTTP/2 connection: a request and its answer. */
class Http2Exchange implements WaitingClient {
  readonly #stream: ServerHttp2Stream
  readonly #timeouts: ClientTimeouts
  readonly body: BodyPieces
  readonly #controller = new AbortController()

  constructor(stream: ServerHttp2Stream, timeouts: ClientTimeouts) {
    this.#stream = stream
    this.#timeouts = timeouts
    this.body = stream.endAfterHeaders ? NO_BODY : new Http2Body(stream)
    stream.once('close', () => this.#controller.abort())
  }

  get gone(): AbortSignal {
    return this.#controller.signal
  }

  get bodyTimeoutMs(): number {
    return this.#timeouts.body
  }

  async respond(response: ClientResponse): Promise<void> {
    if (response.kind === 'closed') this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    else if (response.kind === 'response') {
      const { body } = response
      await new Http2Response(this.#stream, response, this.#timeouts.send).end(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
      this.#discardBody()
    }
  }

  async pass(head: ResponseHead, body: PassingBody): Promise<PassedBody> {
    const passed = await passBody(new Http2Response(this.#stream, head, this.#timeouts.send), body, this.gone)
    this.#discardBody()
    return passed
  }

  /** Is never needed: HTTP/2 has no `Upgrade`, so no service switches protocols. */
  async tunnel(): Promise<PassedBody> {
    this.#stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
    return { bytesSent: 0, end: 'complete' }
  }

  #discardBody(): void {
    if (!this.#stream.destroyed) this.#stream.resume()
  }
}

/** The body of an HTTP/2 request. A stream that was aborted before its end gives `ended`, not `complete`. */
class Http2Body implements BodyPieces {
  readonly #stream: ServerHttp2Stream
  readonly isChunked = false
  readonly #pieces: PlainBody

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream
    this.#pieces = new PlainBody(new ByteReader(stream), Infinity)
  }

  get isBegun(): boolean {
    return this.#pieces.isBegun
  }

  get wireBytes(): number {
    return this.#pieces.wireBytes
  }

  get end(): BodyEnd | undefined {
    return this.#pieces.end === 'complete' && this.#stream.aborted ? 'ended' : this.#pieces.end
  }

  async next(timeoutMs: number): Promise<Buffer | BodyEnd> {
    const piece = await this.#pieces.next(timeoutMs)
    return piece === 'complete' ? (this.end ?? piece) : piece
  }
}

/** Headers of HTTP/1 connections, which HTTP/2 forbids. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])

/** Without `sendDate: false`, Node adds a Date header. */
const HEADERS_AS_GIVEN = { endStream: false, sendDate: false }

/** A response on a stream of an HTTP/2 connection. `bytesSent` counts the head without compression. */
class Http2Response implements ResponseSink {
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
