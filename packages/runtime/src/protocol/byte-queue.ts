import { ProtocolError } from './protocol-error.js'

const FIRST_CAPACITY = 4096
const KEPT_CAPACITY = 64 * 1024

/** Bytes of an unfinished message, kept until the rest arrives. Grows by doubling, up to a limit. */
export class ByteQueue {
  readonly #limit: number
  #buffer: Buffer = EMPTY
  #length = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get length(): number {
    return this.#length
  }

  /** What has been collected; valid until the next call of `push` or `drop`. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** @throws ProtocolError when more than the limit would be kept. */
  push(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.#limit) throw new ProtocolError(`a message of more than ${this.#limit} bytes`)
    if (length > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.#limit, Math.max(FIRST_CAPACITY, length, this.#buffer.length * 2)))
      this.#buffer.copy(grown, 0, 0, this.#length)
      this.#buffer = grown
    }
    this.#buffer.set(chunk, this.#length)
    this.#length = length
  }

  /** Forgets the first `count` bytes, and with the last of them a buffer that one large message has made larger than most need. */
  drop(count: number): void {
    this.#length -= count
    if (this.#length === 0 && this.#buffer.length > KEPT_CAPACITY) this.#buffer = EMPTY
    else if (this.#length > 0) this.#buffer.copyWithin(0, count, count + this.#length)
  }
}

const EMPTY = Buffer.alloc(0)
