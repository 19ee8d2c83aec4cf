import type { Phase } from '@kong-ts/core'
import type { PhaseOutcome } from '@kong-ts/core/server'
import type { ServedInstance } from '../instance/served-instance.js'
import type { Counters } from '../metrics/counters.js'
import type { LogContext } from '../log/log-record.js'
import type { ServerLog } from '../log/server-log.js'

/** Events that began in the same stretch of time, counted so that their end can be awaited. */
export interface EventGeneration {
  running: number
  whenEnded: (() => void) | undefined
}

/** What is counted and logged of an event. */
export interface CountedEvent {
  readonly id: number
  readonly phase: Phase
  readonly served: ServedInstance
  readonly generation: EventGeneration
}

/** Counts the events of both protocols, logs those that failed, and keeps an instance open while one of its events runs. */
export class EventRunner {
  readonly #counters: Counters
  readonly #log: ServerLog
  /** The event of a rejected promise or its error. The error is found again when a promise that the handler derived is rejected with it. */
  readonly #owners = new WeakMap<object, CountedEvent>()
  /** Where events that begin now are counted. */
  #generation: EventGeneration = { running: 0, whenEnded: undefined }
  /** Settles when the events of earlier generations have ended. */
  #earlierEnd: Promise<void> = Promise.resolve()

  constructor(counters: Counters, log: ServerLog) {
    this.#counters = counters
    this.#log = log
  }

  get generation(): EventGeneration {
    return this.#generation
  }

  began({ served, generation }: CountedEvent): void {
    this.#counters.events++
    this.#counters.liveEvents++
    generation.running++
    served.eventBegins()
  }

  /** Runs after Kong was told. */
  ended(event: CountedEvent, outcome: PhaseOutcome): void {
    this.#counters.liveEvents--
    event.served.eventEnds()
    const { generation } = event
    generation.running--
    if (generation.running === 0) generation.whenEnded?.()
    // Logged last: if logging throws, Kong has been answered and all state is released.
    if (outcome.kind !== 'finished') this.#note(event, outcome)
  }

  /** Notes which event a call belongs to that was rejected without being sent: its handler may have forgotten to await it. */
  rejected(event: CountedEvent, promise: Promise<unknown>, error: unknown): void {
    this.#owners.set(promise, event)
    if (error instanceof Error) this.#owners.set(error, event)
  }

  /** Resolves when every event that runs now has ended, however many begin meanwhile. */
  currentEventsEnd(): Promise<void> {
    const generation = this.#generation
    if (generation.running > 0) {
      this.#generation = { running: 0, whenEnded: undefined }
      const ended = new Promise<void>((resolve) => {
        generation.whenEnded = resolve
      })
      this.#earlierEnd = this.#earlierEnd.then(() => ended)
    }
    return this.#earlierEnd
  }

  /** Logs a rejected promise that nobody awaited, under its event if that is known. The server goes on. */
  logUnawaited(err: unknown, promise: Promise<unknown>): void {
    this.#counters.unawaitedFailures++
    const event = this.#owners.get(promise) ?? (err instanceof Error ? this.#owners.get(err) : undefined)
    this.#log.error({ ...(event && logContext(event)), err }, 'a promise that nobody awaited was rejected')
  }

  #note(event: CountedEvent, outcome: PhaseOutcome): void {
    const counters = this.#counters
    switch (outcome.kind) {
      case 'exited':
        counters.exits++
        break
      case 'lost':
        counters.lostEvents++
        this.#log.warn(logContext(event), 'event lost: Kong does not wait for it any more')
        break
      case 'failed': {
        counters.failures++
        if (outcome.answeredWith !== undefined) counters.failedClosed++
        else if (outcome.kongWaits) counters.failedOpen++
        const request = outcome.requestId === undefined ? {} : { request: outcome.requestId }
        this.#log.error({ ...logContext(event), ...request, err: outcome.error }, `handler failed, ${consequence(event.phase, outcome)}`)
        break
      }
      case 'finished':
        break
    }
  }
}

function logContext({ id, phase, served }: CountedEvent): LogContext {
  return { plugin: served.definition.name, phase, instance: served.id, event: id }
}

function consequence(phase: Phase, { answeredWith, kongWaits }: PhaseOutcome & { kind: 'failed' }): string {
  if (answeredWith !== undefined) return phase === 'preread' ? 'client connection closed' : `client answered with ${answeredWith}`
  return kongWaits ? 'the request goes on' : 'the request was over already'
}
