import type { Duplex } from 'node:stream'
import type { ClientConnection, ClientResponse, PassedBody, ResponseHead } from '../../model/index.js'
import { ByteReader } from '../net/byte-reader.js'
import type { ClientTimeouts } from '../settings/client-timeouts.js'
import { PacedWriter } from '../net/paced-writer.js'
import { type BodyPieces, discardBody, ExpectingBody } from './body-pieces.js'
import { passBody, type PassingBody, type ResponseSink } from './pass-body.js'
import { readClientRequest } from './read-client-request.js'
import type { HandleRequest, WaitingClient, TunnelEnd } from './waiting-client.js'
import { chunkOf, LAST_CHUNK } from './chunked-coding.js'
import { headBytes } from './message-head.js'

const LINGERING_MS = 5_000
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

/** Serves the requests of one HTTP/1 connection one after the other. */
export async function serveHttp1(
  stream: Duplex,
  connection: ClientConnection,
  worker: number,
  timeouts: ClientTimeouts,
  handle: HandleRequest,
): Promise<void> {
  const reader = new ByteReader(stream)
  const sendContinue = (): void => void stream.write(CONTINUE)
  for (let idleMs = timeouts.head; ; idleMs = timeouts.keepalive) {
    const incoming = await readClientRequest(reader, connection, { timeouts, idleMs, sendContinue })
    if (incoming === undefined) break
    const exchange = new Http1Exchange(stream, reader, incoming.body, timeouts)
    void handle(incoming.request, worker, exchange)
    if (!(await exchange.over)) break
  }
  closeLingering(stream)
}

/** Ends our side, and reads for a while what the client still sends. Like nginx: otherwise the client could miss the answer. */
function closeLingering(stream: Duplex): void {
  if (stream.destroyed) return
  stream.end()
  stream.resume()
  const timer = setTimeout(() => stream.destroy(), LINGERING_MS)
  stream.once('close', () => clearTimeout(timer))
}

/** One request of an HTTP/1 connection and its answer. */
class Http1Exchange implements WaitingClient {
  readonly #stream: Duplex
  readonly #reader: ByteReader
  readonly #timeouts: ClientTimeouts
  /** Resolves when the client has its answer; to true when another request may follow on the connection. */
  readonly over: Promise<boolean>
  readonly #controller = new AbortController()
  readonly #stopWatching: () => void
  #finish: (goesOn: boolean) => void = () => undefined

  constructor(
    stream: Duplex,
    reader: ByteReader,
    readonly body: BodyPieces,
    timeouts: ClientTimeouts,
  ) {
    this.#stream = stream
    this.#reader = reader
    this.#timeouts = timeouts
    this.over = new Promise((resolve) => (this.#finish = resolve))
    this.#stopWatching = reader.watchEnd(() => this.#controller.abort())
  }

  get gone(): AbortSignal {
    return this.#controller.signal
  }

  get bodyTimeoutMs(): number {
    return this.#timeouts.body
  }

  async respond(response: ClientResponse): Promise<void> {
    if (response.kind === 'response') {
      const { body } = response
      const out = new Http1Response(this.#stream, response, this.#timeouts.send)
      const isSent = await out.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
      void this.#settle(isSent && !response.closes && !response.truncated)
    } else if (response.kind === 'closed' || this.gone.aborted) this.#break()
    else this.#waitForEnd()
  }

  async pass(head: ResponseHead, body: PassingBody): Promise<PassedBody> {
    const passed = await passBody(new Http1Response(this.#stream, head, this.#timeouts.send), body, this.gone)
    if (passed.end === 'client-gone') this.#break()
    else void this.#settle(passed.end === 'complete' && !head.closes)
    return passed
  }

  async tunnel(head: ResponseHead, service: TunnelEnd): Promise<PassedBody> {
    this.#stopWatching()
    const out = new Http1Response(this.#stream, head, this.#timeouts.send)
    const isSent = await out.send(Buffer.alloc(0))
    const carried = isSent ? await carryTunnel({ stream: this.#stream, reader: this.#reader }, service) : 0
    this.#finish(false)
    return { bytesSent: out.bytesSent + carried, end: 'complete' }
  }

  /** Waits until the client leaves. Reads what it sends, because unread bytes would hide the end of the connection. */
  #waitForEnd(): void {
    const stream = this.#stream
    this.#stopWatching()
    stream.once('end', () => this.#break())
    stream.once('close', () => this.#break())
    stream.resume()
  }

  #break(): void {
    this.#stopWatching()
    this.#stream.destroy()
    this.#finish(false)
  }

  async #settle(goesOn: boolean): Promise<void> {
    this.#stopWatching()
    this.#finish(goesOn && (await discardBody(this.body, this.body instanceof ExpectingBody)))
  }
}

/** A response on an HTTP/1 connection. */
class Http1Response implements ResponseSink {
  readonly #head: ResponseHead
  readonly #writer: PacedWriter
  #unsentHead: readonly Buffer[]

  /** @param sendTimeoutMs longest wait for the client to take bytes. */
  constructor(stream: Duplex, head: ResponseHead, sendTimeoutMs: number) {
    this.#head = head
    this.#writer = new PacedWriter(stream, sendTimeoutMs)
    const { headers, httpVersion, reason, status } = head
    this.#unsentHead = httpVersion === '0.9' ? [] : [headBytes(`HTTP/${httpVersion} ${status} ${reason}`.trimEnd(), headers)]
  }

  get bytesSent(): number {
    return this.#writer.bytesSent
  }

  send(bytes: Buffer): Promise<boolean> {
    return this.#write(this.#framed(bytes))
  }

  end(bytes: Buffer): Promise<boolean> {
    return this.#write(this.#head.chunked ? [...this.#framed(bytes), LAST_CHUNK] : this.#framed(bytes))
  }

  /** Sends nothing: the client sees it by the end of the connection, which follows. */
  cut(): void {
    this.#unsentHead = []
  }

  #framed(bytes: Buffer): readonly Buffer[] {
    return this.#head.chunked ? chunkOf(bytes) : [bytes]
  }

  #write(body: readonly Buffer[]): Promise<boolean> {
    const parts = [...this.#unsentHead, ...body]
    this.#unsentHead = []
    return this.#writer.write(...parts)
  }
}

/**
 * Carries bytes in both directions until one end ends or both are silent for too long. Delivers first what the ended one has sent.
 * @returns the number of bytes sent to the client.
 */
async function carryTunnel(client: Omit<TunnelEnd, 'timeoutMs'>, service: TunnelEnd): Promise<number> {
  const { timeoutMs } = service
  const toClient = new PacedWriter(client.stream, timeoutMs)
  let lastMove = performance.now()
  const carry = async (from: ByteReader, to: PacedWriter): Promise<void> => {
    for (;;) {
      const left = lastMove + timeoutMs - performance.now()
      if (left <= 0) return
      const end = from.buffered.length > 0 ? undefined : await from.more(0, left)
      if (end === 'ended') return
      // Meanwhile the other direction may have carried bytes.
      if (end === 'timeout') continue
      lastMove = performance.now()
      if (!(await to.write(from.take(from.buffered.length)))) return
    }
  }
  await Promise.race([carry(service.reader, toClient), carry(client.reader, new PacedWriter(service.stream, timeoutMs))])
  service.stream.destroy()
  return toClient.bytesSent
}
