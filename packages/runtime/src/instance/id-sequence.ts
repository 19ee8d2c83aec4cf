import { randomInt } from 'node:crypto'
import type { InstanceIds } from './instance-ids.js'

/**
 * Ids that are unique in this process's life and, by their random high part, differ between runs: an id of a server that has died means
 * nothing to the next.
 */
export class IdSequence implements InstanceIds {
  #next = randomInt(1, 2 ** 20) * 2 ** 32

  next(): number {
    return this.#next++
  }
}
