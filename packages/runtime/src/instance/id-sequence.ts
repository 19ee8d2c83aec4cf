import { randomInt } from 'node:crypto'

/** Ids that are unique in this process's life and, by their random high part, differ between runs: an id of a server that has died means nothing to the next. */
export class IdSequence {
  #next = randomInt(1, 2 ** 20) * 2 ** 32

  next(): number {
    return this.#next++
  }
}
