/** When the parts of one request ended, in ms since the epoch; what Kong makes latencies of. */
export class RequestTimes {
  /** When the access handlers were done and the service was to be asked. */
  accessEnded: number | undefined
  /** When the service's head came, or Kong's own was put together. */
  head: number | undefined
  /** When the last byte of the response was sent. */
  ended: number | undefined

  constructor(readonly started: number) {}

  /** `latencies.kong`: Kong's own time, until the service is asked, or else until it answers itself. */
  get kong(): number {
    return between(this.started, this.accessEnded ?? this.head ?? this.started)
  }

  /** `latencies.proxy`: how long the service took to begin its answer; undefined when it was not asked. */
  get waiting(): number | undefined {
    return this.accessEnded === undefined || this.head === undefined ? undefined : between(this.accessEnded, this.head)
  }

  /** `latencies.receive`: from the head to the end of the body. */
  get receive(): number {
    return this.accessEnded === undefined || this.head === undefined || this.ended === undefined ? 0 : between(this.head, this.ended)
  }

  /** `latencies.request`: all of it. */
  get request(): number {
    return between(this.started, this.ended ?? this.started)
  }
}

function between(from: number, to: number): number {
  return Math.max(0, Math.round(to - from))
}
