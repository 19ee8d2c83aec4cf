import type { Duplex } from 'node:stream'

/** Why no more bytes come. */
export type ReadEnd = 'ended' | 'timeout'

/** Reads the bytes of a connection on demand. While nobody reads, the other side has to wait (backpressure). */
export class ByteReader {
  readonly #stream: Duplex
  #buffer: Buffer = Buffer.alloc(0)
  #finished = false

  constructor(stream: Duplex) {
    this.#stream = stream
    const finish = (): void => {
      this.#finished = true
    }
    stream.once('end', finish)
    stream.once('close', finish)
    stream.once('error', finish)
  }

  /** Bytes that have arrived and were not taken yet. */
  get buffered(): Buffer {
    return this.#buffer
  }

  /**
   * Waits until more than `known` bytes are buffered, at most `timeoutMs`.
   * @returns undefined when there are more bytes, else why none come.
   */
  async more(known: number, timeoutMs: number): Promise<ReadEnd | undefined> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      this.#pull()
      if (this.#buffer.length > known) return undefined
      if (this.#finished || this.#stream.readableEnded || this.#stream.destroyed) return 'ended'
      if (!(await this.#readable(deadline - performance.now()))) return 'timeout'
    }
  }

  /**
   * Calls `ended` when the other side ends the connection, even if it has sent bytes that nobody has read. nginx checks in the same way
   * whether a client still waits.
   * @returns a function that stops watching.
   */
  watchEnd(ended: () => void): () => void {
    const look = (): void => {
      if (this.#buffer.length < MOST_READ_AHEAD) this.#pull()
    }
    this.#stream.on('readable', look)
    this.#stream.once('end', ended)
    this.#stream.once('close', ended)
    look()
    if (this.#finished) ended()
    return () => {
      this.#stream.off('readable', look)
      this.#stream.off('end', ended)
      this.#stream.off('close', ended)
    }
  }

  /** Removes the first `length` bytes from the buffer and returns them. */
  take(length: number): Buffer {
    const taken = this.#buffer.subarray(0, length)
    this.#buffer = this.#buffer.subarray(length)
    return taken
  }

  #pull(): void {
    const chunk: unknown = this.#stream.read()
    if (Buffer.isBuffer(chunk)) this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
  }

  #readable(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (came: boolean): void => {
        clearTimeout(timer)
        for (const event of EVENTS) this.#stream.off(event, woken)
        resolve(came)
      }
      const woken = (): void => done(true)
      const timer = setTimeout(() => done(false), Math.max(0, timeoutMs))
      for (const event of EVENTS) this.#stream.once(event, woken)
    })
  }
}

const MOST_READ_AHEAD = 64 * 1024
const EVENTS = ['readable', 'end', 'close', 'error'] as const
