import type { Duplex } from 'node:stream'
import type { ResponseHead } from '../../model/index.js'
import { PacedWriter } from '../net/paced-writer.js'
import { chunkOf, LAST_CHUNK } from './chunked-coding.js'
import { headBytes } from './message-head.js'
import type { ResponseSink } from './pass-body.js'

/** A response on an HTTP/1 connection. */
export class Http1Response implements ResponseSink {
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
