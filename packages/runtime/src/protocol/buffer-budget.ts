import type { Counters } from '../metrics/counters.js'
import { ProtocolError } from './protocol-error.js'

/** What all connections together may keep of unfinished messages, so that many of them cannot do what one may not. */
export class BufferBudget {
  readonly #limit: number
  readonly #counters: Counters

  constructor(limit: number, counters: Counters) {
    this.#limit = limit
    this.#counters = counters
  }

  /** @throws ProtocolError when that is more than is left. */
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
