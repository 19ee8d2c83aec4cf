import { ProtocolError } from '../errors/server-errors.js'
import type { Counters } from '../metrics/counters.js'
import { messageTooLarge } from './limits.js'

const FIRST_CAPACITY = 4096
const KEPT_CAPACITY = 64 * 1024
const EMPTY = Buffer.alloc(0)

/** The memory that all connections together may use for unfinished messages: many connections must not hold what one may not. */
export class BufferBudget {
  readonly #limit: number
  readonly #counters: Counters

  constructor(limit: number, counters: Counters) {
    this.#limit = limit
    this.#counters = counters
  }

  /** @throws ProtocolError when fewer bytes are left. */
  take(bytes: number): void {
    if (this.#counters.bufferedBytes + bytes > this.#limit) {
      throw new ProtocolError(
        `unfinished messages of more than ${this.#limit} bytes together`,
        'raise -max-buffered-bytes if the machine has the memory, or send smaller bodies',
      )
    }
    this.#counters.bufferedBytes += bytes
  }

  give(bytes: number): void {
    this.#counters.bufferedBytes -= bytes
  }
}

/** Keeps the bytes of an unfinished message until the rest arrives. Doubles its buffer as needed, up to a limit. */
export class ByteQueue {
  readonly #limit: number
  readonly #budget: BufferBudget
  #buffer: Buffer = EMPTY
  #length = 0

  /**
   * @param limit bytes kept at most.
   * @param budget pays for the buffer.
   */
  constructor(limit: number, budget: BufferBudget) {
    this.#limit = limit
    this.#budget = budget
  }

  get length(): number {
    return this.#length
  }

  /** The bytes kept. Valid until the next call of `push` or `drop`. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** @throws ProtocolError when the limit or the budget does not allow more bytes. */
  push(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.#limit) throw messageTooLarge(this.#limit)
    if (length > this.#buffer.length) {
      const capacity = Math.min(this.#limit, Math.max(FIRST_CAPACITY, length, this.#buffer.length * 2))
      this.#budget.take(capacity - this.#buffer.length)
      const grown = Buffer.allocUnsafeSlow(capacity)
      this.#buffer.copy(grown, 0, 0, this.#length)
      this.#buffer = grown
    }
    this.#buffer.set(chunk, this.#length)
    this.#length = length
  }

  /** Forgets the first `count` bytes. When none is left, a buffer that one large message has enlarged is given back. */
  drop(count: number): void {
    this.#length -= count
    if (this.#length === 0 && this.#buffer.length > KEPT_CAPACITY) this.release()
    else if (this.#length > 0) this.#buffer.copyWithin(0, count, count + this.#length)
  }

  /** Forgets everything and gives the memory back. */
  release(): void {
    this.#budget.give(this.#buffer.length)
    this.#buffer = EMPTY
    this.#length = 0
  }
}
