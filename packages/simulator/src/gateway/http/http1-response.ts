import type { Duplex } from 'node:stream'
import type { ResponseHead } from '../../model/index.js'
import { chunkOf, LAST_CHUNK } from './chunk-framing.js'
import { headBytes } from './head-bytes.js'
import { PacedWriter } from './paced-writer.js'
import type { ResponseSink } from './pass-body.js'

/** A response on an HTTP/1 connection. */
export class Http1Response implements ResponseSink {
  private readonly writer: PacedWriter
  private unsentHead: readonly Buffer[]

  /** @param sendTimeoutMs longest wait for the client to take bytes. */
  constructor(
    stream: Duplex,
    private readonly head: ResponseHead,
    sendTimeoutMs: number,
  ) {
    this.writer = new PacedWriter(stream, sendTimeoutMs)
    const { headers, httpVersion, reason, status } = head
    this.unsentHead = httpVersion === '0.9' ? [] : [headBytes(`HTTP/${httpVersion} ${status} ${reason}`.trimEnd(), headers)]
  }

  get bytesSent(): number {
    return this.writer.bytesSent
  }

  send(bytes: Buffer): Promise<boolean> {
    return this.write(this.framed(bytes))
  }

  end(bytes: Buffer): Promise<boolean> {
    return this.write(this.head.chunked ? [...this.framed(bytes), LAST_CHUNK] : this.framed(bytes))
  }

  /** The connection's end, which follows, tells the client. */
  cut(): void {
    this.unsentHead = []
  }

  private framed(bytes: Buffer): readonly Buffer[] {
    return this.head.chunked ? chunkOf(bytes) : [bytes]
  }

  private write(body: readonly Buffer[]): Promise<boolean> {
    const parts = [...this.unsentHead, ...body]
    this.unsentHead = []
    return this.writer.write(...parts)
  }
}
