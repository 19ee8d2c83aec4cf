import type { BufferBudget } from './buffer-budget.js'
import { ProtocolError } from './protocol-error.js'

const FIRST_CAPACITY = 4096
const KEPT_CAPACITY = 64 * 1024

/** Bytes of an unfinished message, kept until the rest arrives. Grows by doubling, up to a limit, out of a budget that connections share. */
export class ByteQueue {
  readonly #limit: number
  readonly #budget: BufferBudget | undefined
  #buffer: Buffer = EMPTY
  #length = 0

  constructor(limit: number, budget?: BufferBudget) {
    this.#limit = limit
    this.#budget = budget
  }

  get length(): number {
    return this.#length
  }

  /** What has been collected; valid until the next call of `push` or `drop`. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** @throws ProtocolError when more than the limit would be kept, or the budget is spent. */
  push(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.#limit) throw messageTooLarge(this.#limit)
    if (length > this.#buffer.length) {
      const capacity = Math.min(this.#limit, Math.max(FIRST_CAPACITY, length, this.#buffer.length * 2))
      this.#budget?.take(capacity - this.#buffer.length)
      const grown = Buffer.allocUnsafeSlow(capacity)
      this.#buffer.copy(grown, 0, 0, this.#length)
      this.#buffer = grown
    }
    this.#buffer.set(chunk, this.#length)
    this.#length = length
  }

  /** Forgets the first `count` bytes, and with the last of them a buffer that one large message has made larger than most need. */
  drop(count: number): void {
    this.#length -= count
    if (this.#length === 0 && this.#buffer.length > KEPT_CAPACITY) this.release()
    else if (this.#length > 0) this.#buffer.copyWithin(0, count, count + this.#length)
  }

  /** Forgets everything, and gives its memory back. */
  release(): void {
    this.#budget?.give(this.#buffer.length)
    this.#buffer = EMPTY
    this.#length = 0
  }
}

const EMPTY = Buffer.alloc(0)

/** A message beyond `limit` bytes, announced or arrived. */
export function messageTooLarge(limit: number): ProtocolError {
  return new ProtocolError(
    `a message of more than ${limit} bytes`,
    "raise -max-message-bytes, or bound bodies in Kong (nginx's client_max_body_size)",
  )
}
