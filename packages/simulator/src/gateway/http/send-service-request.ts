import type { ServiceFailure, ServiceRequest, UnfinishedBody } from '../../model/index.js'
import type { AskingClient } from './asking-client.js'
import { NO_BODY, PlainBody, type BodyPieces } from './body-pieces.js'
import type { ByteReader } from './byte-reader.js'
import { chunkOf, LAST_CHUNK } from './chunk-framing.js'
import { ChunkedBody } from './chunked-body.js'
import { headBytes } from './head-bytes.js'
import { headerValues, hasToken } from './header-values.js'
import { PacedWriter } from './paced-writer.js'
import { passRequestBody, type UploadEnd } from './pass-request-body.js'
import { readHead, type HeadFault, type MessageHead } from './read-head.js'
import { ServiceStream } from './service-stream.js'
import type { UpstreamConnection, UpstreamPool } from './upstream-pool.js'

/** What nginx finds in no header's name. */
const NO_NAME = /[\x00-\x20\x7f]/
const STATUS_LINE = /^HTTP\/(1\.[01]) +(\d{3})(?: +(.*))?$/

/** What came of a request to a service. */
export type ServiceOutcome = ServiceStream | ServiceFailure | UnfinishedBody

/** Sends a request to a service as Kong has put it together, and reads the head of the answer. */
export async function sendServiceRequest(pool: UpstreamPool, request: ServiceRequest, client: AskingClient): Promise<ServiceOutcome> {
  const { gone } = client
  for (;;) {
    if (gone.aborted) return { failure: 'client-closed' }
    const connect = request.timeouts.connect
    // A body that is passed on cannot be sent again if a kept connection turns out to be closed.
    const connection = await (request.passesBody ? pool.connect(request, connect, gone) : pool.take(request, connect, gone))
    if (gone.aborted) {
      if (!('failure' in connection)) connection.socket.destroy()
      return { failure: 'client-closed', ...addressOf(connection) }
    }
    if ('failure' in connection) return connection
    const outcome = await new Attempt(pool, request, client, connection).run()
    if (outcome instanceof ServiceStream) return outcome
    connection.socket.destroy()
    // The service had closed the kept connection meanwhile: nothing of this request reached it.
    if ('failure' in outcome && outcome.failure === 'closed' && connection.reused) continue
    return { ...outcome, address: connection.address }
  }
}

function addressOf({ address }: { readonly address?: string }): { readonly address?: string } {
  return address === undefined ? {} : { address }
}

/** One request on one connection. */
class Attempt {
  private readonly writer: PacedWriter
  private upload: UploadEnd | 'under way' = 'complete'

  constructor(
    private readonly pool: UpstreamPool,
    private readonly request: ServiceRequest,
    private readonly client: AskingClient,
    private readonly connection: UpstreamConnection,
  ) {
    this.writer = new PacedWriter(connection.socket, request.timeouts.write)
  }

  async run(): Promise<ServiceOutcome> {
    const { client, connection, request } = this
    // While its body is passed on, the client's leaving shows there.
    const leave = (): void => {
      if (this.upload !== 'under way') connection.socket.destroy()
    }
    client.gone.addEventListener('abort', leave)
    try {
      this.send()
      const head = await readHead(connection.reader, request.timeouts.read)
      if (this.upload !== 'complete' && this.upload !== 'under way' && this.upload !== 'service-gone') return { bodyFault: this.upload }
      if (client.gone.aborted) return { failure: 'client-closed' }
      if (head === 'no-http') return this.bareStream()
      return typeof head === 'string' ? this.failure(head) : this.stream(head)
    } finally {
      client.gone.removeEventListener('abort', leave)
    }
  }

  private send(): void {
    const { request, writer } = this
    const head = headBytes(`${request.method} ${request.target} HTTP/${request.httpVersion}`, request.headers)
    const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength)
    if (request.passesBody) void this.passBody(head)
    else void writer.write(head, ...(request.chunked ? [...chunkOf(body), LAST_CHUNK] : [body]))
  }

  private async passBody(head: Buffer): Promise<void> {
    const { client, connection, request, writer } = this
    this.upload = 'under way'
    await writer.write(head)
    this.upload = await passRequestBody(client, writer, request.chunked)
    // Without the rest of the body the service's answer would never come, or mean nothing.
    if (this.upload !== 'complete' && this.upload !== 'service-gone') connection.socket.destroy()
  }

  private failure(head: HeadFault): ServiceFailure {
    // nginx makes no difference between a service that takes nothing and one that gives nothing.
    if (head === 'timeout' || this.writer.isLate) return { failure: 'read-timeout' }
    return { failure: this.connection.reader.buffered.length > 0 ? 'invalid' : 'closed' }
  }

  /** To nginx what is no HTTP is the body of an answer of HTTP/0.9. */
  private bareStream(): ServiceStream {
    const { connection, request } = this
    return new ServiceStream({
      head: { httpVersion: '0.9', status: 200, headers: [], address: connection.address },
      headLength: 0,
      body: new PlainBody(connection.reader, Infinity),
      connection,
      timeoutMs: request.timeouts.read,
    })
  }

  private stream(head: MessageHead): ServiceStream | ServiceFailure {
    const { connection, pool, request } = this
    const [, httpVersion, statusText, reason = ''] = STATUS_LINE.exec(head.firstLine) ?? []
    if (httpVersion === undefined || statusText === undefined) return { failure: 'invalid' }
    if (head.headers.some(([name]) => NO_NAME.test(name))) return { failure: 'invalid' }
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
      ...(isKept ? { keep: () => (this.upload === 'complete' ? pool.keep(request, connection) : void connection.socket.destroy()) } : {}),
    })
  }
}

/** To nginx a status below 200 ends the matter as any other does: what follows is its body. */
function answerBody(reader: ByteReader, method: string, status: number, head: MessageHead): { body: BodyPieces; keepsConnection: boolean } {
  if (method === 'HEAD' || status === 204 || status === 304) return { body: NO_BODY, keepsConnection: true }
  if (hasToken(head.headers, 'transfer-encoding', 'chunked')) return { body: new ChunkedBody(reader), keepsConnection: true }
  const [length] = headerValues(head.headers, 'content-length')
  if (length !== undefined && /^\d{1,15}$/.test(length)) return { body: new PlainBody(reader, Number(length)), keepsConnection: true }
  return { body: new PlainBody(reader, Infinity), keepsConnection: false }
}
