import {
  runPhase,
  type CallWatch,
  type DispatchOptions,
  type EventCalls,
  type PhaseDefinition,
  type PhaseOutcome,
} from '@kong-ts/core/server'
import type { ServedInstance } from '../instance/served-instance.js'
import type { Counters } from '../metrics/counters.js'
import type { ServerLog } from '../log/server-log.js'
import { RunningEvent, type EventCarrier, type EventEnd, type EventGeneration } from './running-event.js'

const DISPATCH_OPTIONS: DispatchOptions = Object.freeze({ askRequestId: true })

/** Runs events for either protocol: counts them, logs what failed, and keeps an instance open while one of its events runs. */
export class EventRunner {
  readonly #counters: Counters
  readonly #log: ServerLog
  /** Which event a promise belongs to whose failure somebody may forget to await. */
  readonly #owners = new WeakMap<Promise<unknown>, RunningEvent>()
  readonly #watch: CallWatch = (promise, calls) => {
    if (calls instanceof RunningEvent) this.#owners.set(promise, calls)
  }
  readonly #end: EventEnd = (event, outcome) => this.#ended(event, outcome)
  #generation: EventGeneration = { running: 0, whenEnded: undefined }
  /** Settles when the events of earlier generations have ended. */
  #earlierEnd: Promise<void> = Promise.resolve()

  constructor(counters: Counters, log: ServerLog) {
    this.#counters = counters
    this.#log = log
  }

  /**
   * @param carrier takes the event's PDK calls to Kong, and is told once how the event ended: maybe before this returns.
   * @returns the calls of the event, for the carrier to answer.
   */
  run(eventId: number, served: ServedInstance, phase: PhaseDefinition, carrier: EventCarrier): EventCalls {
    this.#counters.events++
    this.#counters.liveEvents++
    served.eventBegins()
    const event = new RunningEvent(carrier, this.#watch, eventId, served, phase, this.#generation, this.#end)
    event.generation.running++
    runPhase(served.instance, phase, event, event, DISPATCH_OPTIONS)
    return event
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

  /** Takes Node's news of a rejected promise that nobody awaited: logged under the event it belongs to, and fatal to nothing. */
  logUnawaited(err: unknown, promise: Promise<unknown>): void {
    this.#counters.unawaitedFailures++
    this.#log.error({ ...this.#owners.get(promise)?.logContext, err }, 'a promise that nobody awaited was rejected')
  }

  #ended(event: RunningEvent, outcome: PhaseOutcome): void {
    this.#counters.liveEvents--
    try {
      event.carrier.ended(outcome)
    } finally {
      event.served.eventEnds()
      const { generation } = event
      generation.running--
      if (generation.running === 0) generation.whenEnded?.()
    }
    // Last: whatever becomes of the line, Kong has been told and nothing is held.
    if (outcome.kind !== 'finished') this.#note(event, outcome)
  }

  #note(event: RunningEvent, outcome: PhaseOutcome): void {
    const counters = this.#counters
    switch (outcome.kind) {
      case 'exited':
        counters.exits++
        break
      case 'lost':
        counters.lostEvents++
        this.#log.warn(event.logContext, 'event lost: Kong does not wait for it any more')
        break
      case 'failed': {
        counters.failures++
        if (outcome.answeredWith !== undefined) counters.failedClosed++
        else if (outcome.kongWaits) counters.failedOpen++
        const request = outcome.requestId === undefined ? {} : { request: outcome.requestId }
        this.#log.error({ ...event.logContext, ...request, err: outcome.error }, `handler failed, ${consequence(outcome)}`)
        break
      }
      case 'finished':
        break
    }
  }
}

function consequence({ answeredWith, kongWaits }: PhaseOutcome & { kind: 'failed' }): string {
  if (answeredWith !== undefined) return `client answered with ${answeredWith}`
  return kongWaits ? 'the request goes on' : 'the request was over already'
}
