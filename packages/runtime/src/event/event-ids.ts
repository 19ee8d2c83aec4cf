import { randomInt } from 'node:crypto'

/**
 * Ids of events: unique in this process's life, by their random high part different from those of other runs, and odd where a failure of the
 * event has to end the request.
 *
 * So a server can fail closed even for a Step of an event that it does not know any more, or that a server had which has died: Kong lets the
 * request go on when a Step is answered with an error.
 */
export class EventIds {
  #next = randomInt(1, 2 ** 20) * 2 ** 32

  next(failsClosed: boolean): number {
    this.#next += 2
    return failsClosed ? this.#next + 1 : this.#next
  }
}

/** Tells whether the request of an event has to end when the event cannot go on. */
export function failsClosed(eventId: number): boolean {
  return eventId % 2 === 1
}
