/** A clock that costs nothing to read: a timer sets it. Good for time limits of seconds. */
export class CoarseClock {
  readonly #interval: number
  /** In the time of `performance.now()`: never behind the present while ticks are in time, and less than an interval ahead. */
  present = 0

  /** @param interval milliseconds between two calls of `tick`. */
  constructor(interval: number) {
    this.#interval = interval
    this.tick()
  }

  /** @returns the exact time. */
  tick(): number {
    const now = performance.now()
    this.present = now + this.#interval
    return now
  }
}
