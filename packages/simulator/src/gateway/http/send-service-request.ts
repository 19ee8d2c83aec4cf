import type { BodyFault, ServiceFailure, ServiceHead, ServiceRequest, UnfinishedBody } from '../../model/index.js'
import type { ByteReader } from '../net/byte-reader.js'
import { PacedWriter } from '../net/paced-writer.js'
import { type BodyPieces, NO_BODY, PlainBody } from './body-pieces.js'
import { ChunkedBody, chunkOf, LAST_CHUNK } from './chunked-coding.js'
import { hasToken, headBytes, headerValues, type HeadFault, type MessageHead, readHead } from './message-head.js'
import type { UpstreamConnection, UpstreamPool } from './upstream-pool.js'
import type { AskingClient } from './waiting-client.js'

/** Characters that nginx refuses in the name of a header. */
const FORBIDDEN_IN_NAMES = /[\x00-\x20\x7f]/
const STATUS_LINE = /^HTTP\/(1\.[01]) +(\d{3})(?: +(.*))?$/

/** What a request to a service led to. */
export type ServiceOutcome = ServiceStream | ServiceFailure | UnfinishedBody

/** Sends a request to a service, and reads the head of the response. */
export async function sendServiceRequest(pool: UpstreamPool, request: ServiceRequest, client: AskingClient): Promise<ServiceOutcome> {
  const { gone } = client
  for (;;) {
    if (gone.aborted) return { failure: 'client-closed' }
    const connect = request.timeouts.connect
    // A kept connection may turn out to be closed, and a body that is passed on cannot be sent again.
    const connection = await (request.passesBody ? pool.connect(request, connect, gone) : pool.take(request, connect, gone))
    if (gone.aborted) {
      if (!('failure' in connection)) connection.socket.destroy()
      return { failure: 'client-closed', ...addressOf(connection) }
    }
    if ('failure' in connection) return connection
    const outcome = await new Attempt(pool, request, client, connection).run()
    if (outcome instanceof ServiceStream) return outcome
    connection.socket.destroy()
    // The service had closed the kept connection, so it has not seen this request.
    if ('failure' in outcome && outcome.failure === 'closed' && connection.reused) continue
    return { ...outcome, address: connection.address }
  }
}

function addressOf({ address }: { readonly address?: string }): { readonly address?: string } {
  return address === undefined ? {} : { address }
}

/** One request on one connection. */
class Attempt {
  readonly #pool: UpstreamPool
  readonly #request: ServiceRequest
  readonly #client: AskingClient
  readonly #connection: UpstreamConnection
  readonly #writer: PacedWriter
  #upload: UploadEnd | 'under way' = 'complete'

  constructor(pool: UpstreamPool, request: ServiceRequest, client: AskingClient, connection: UpstreamConnection) {
    this.#pool = pool
    this.#request = request
    this.#client = client
    this.#connection = connection
    this.#writer = new PacedWriter(connection.socket, request.timeouts.write)
  }

  async run(): Promise<ServiceOutcome> {
    const { gone } = this.#client
    const { socket, reader } = this.#connection
    // While its body is passed on, reading the body shows that the client has left.
    const leave = (): void => {
      if (this.#upload !== 'under way') socket.destroy()
    }
    gone.addEventListener('abort', leave)
    try {
      this.#send()
      const head = await readHead(reader, this.#request.timeouts.read)
      if (this.#upload !== 'complete' && this.#upload !== 'under way' && this.#upload !== 'service-gone') return { bodyFault: this.#upload }
      if (gone.aborted) return { failure: 'client-closed' }
      if (head === 'no-http') return this.#bareStream()
      return typeof head === 'string' ? this.#failure(head) : this.#stream(head)
    } finally {
      gone.removeEventListener('abort', leave)
    }
  }

  #send(): void {
    const { method, target, httpVersion, headers, body, chunked, passesBody } = this.#request
    const head = headBytes(`${method} ${target} HTTP/${httpVersion}`, headers)
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    if (passesBody) void this.#passBody(head)
    else void this.#writer.write(head, ...(chunked ? [...chunkOf(bytes), LAST_CHUNK] : [bytes]))
  }

  async #passBody(head: Buffer): Promise<void> {
    this.#upload = 'under way'
    await this.#writer.write(head)
    this.#upload = await passRequestBody(this.#client, this.#writer, this.#request.chunked)
    // The service waits for the rest of the body, which will not come.
    if (this.#upload !== 'complete' && this.#upload !== 'service-gone') this.#connection.socket.destroy()
  }

  #failure(head: HeadFault): ServiceFailure {
    // nginx does not distinguish a service that reads nothing from one that sends nothing.
    if (head === 'timeout' || this.#writer.isLate) return { failure: 'read-timeout' }
    return { failure: this.#connection.reader.buffered.length > 0 ? 'invalid' : 'closed' }
  }

  /** nginx takes bytes that are not HTTP/1 for the body of an HTTP/0.9 response. */
  #bareStream(): ServiceStream {
    const connection = this.#connection
    return new ServiceStream({
      head: { httpVersion: '0.9', status: 200, headers: [], address: connection.address },
      headLength: 0,
      body: new PlainBody(connection.reader, Infinity),
      connection,
      timeoutMs: this.#request.timeouts.read,
    })
  }

  #stream(head: MessageHead): ServiceStream | ServiceFailure {
    const connection = this.#connection
    const pool = this.#pool
    const request = this.#request
    const [, httpVersion, statusText, reason = ''] = STATUS_LINE.exec(head.firstLine) ?? []
    if (httpVersion === undefined || statusText === undefined) return { failure: 'invalid' }
    if (head.headers.some(([name]) => FORBIDDEN_IN_NAMES.test(name))) return { failure: 'invalid' }
    const status = Number(statusText)
    const { body, keepsConnection } = answerBody(connection.reader, request.method, status, head)
    const isKept = keepsConnection && httpVersion === '1.1' && !hasToken(head.headers, 'connection', 'close')
    const version = httpVersion === '1.0' ? '1.0' : '1.1'
    return new ServiceStream({
      head: { httpVersion: version, status, reason, headers: head.headers, address: connection.address },
      headLength: head.length,
      body,
      connection,
      timeoutMs: request.timeouts.read,
      ...(isKept ? { keep: () => (this.#upload === 'complete' ? pool.keep(request, connection) : void connection.socket.destroy()) } : {}),
    })
  }
}

/** nginx takes a status below 200 for a final one, and the bytes after its head for its body. */
function answerBody(reader: ByteReader, method: string, status: number, head: MessageHead): { body: BodyPieces; keepsConnection: boolean } {
  if (method === 'HEAD' || status === 204 || status === 304) return { body: NO_BODY, keepsConnection: true }
  if (hasToken(head.headers, 'transfer-encoding', 'chunked')) return { body: new ChunkedBody(reader), keepsConnection: true }
  const [length] = headerValues(head.headers, 'content-length')
  if (length !== undefined && /^\d{1,15}$/.test(length)) return { body: new PlainBody(reader, Number(length)), keepsConnection: true }
  return { body: new PlainBody(reader, Infinity), keepsConnection: false }
}

/** How sending a client's body to the service ended. */
type UploadEnd = 'complete' | 'service-gone' | BodyFault

/** Passes a client's body on to a service while it arrives. The client has to wait while the service does not take the bytes. */
async function passRequestBody(client: AskingClient, service: PacedWriter, isChunked: boolean): Promise<UploadEnd> {
  let length = 0
  for (;;) {
    const piece = await client.body.next(client.bodyTimeoutMs)
    if (piece === 'complete') return !isChunked || (await service.write(LAST_CHUNK)) ? 'complete' : 'service-gone'
    if (typeof piece === 'string') return piece
    length += piece.length
    if (length > client.maxBodyBytes) return 'too-large'
    if (!(await service.write(...(isChunked ? chunkOf(piece) : [piece])))) return 'service-gone'
  }
}

interface ServiceStreamParts {
  readonly head: ServiceHead
  readonly headLength: number
  readonly body: BodyPieces
  readonly connection: UpstreamConnection
  /** `read_timeout` of the service, in ms. */
  readonly timeoutMs: number
  /** Gives the connection back for the next request. Missing for a connection that serves only this one. */
  readonly keep?: () => void
}

/** The response of a service: its head, and its body, which is still on the connection. */
export class ServiceStream {
  readonly head: ServiceHead
  readonly headLength: number
  readonly body: BodyPieces
  readonly connection: UpstreamConnection
  readonly timeoutMs: number
  readonly #keep: (() => void) | undefined

  constructor({ head, headLength, body, connection, timeoutMs, keep }: ServiceStreamParts) {
    this.head = head
    this.headLength = headLength
    this.body = body
    this.connection = connection
    this.timeoutMs = timeoutMs
    this.#keep = keep
  }

  /** Ends the use of the connection. Keeps it for the next request if the body is complete, else closes it. */
  release(): void {
    if (this.#keep !== undefined && this.body.end === 'complete') this.#keep()
    else this.connection.socket.destroy()
  }
}
