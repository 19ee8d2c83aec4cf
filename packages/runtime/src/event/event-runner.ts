import { EventCalls, dispatchPhase, type CallCarrier, type PhaseDefinition, type PhaseOutcome } from '@kong-ts/core'
import type { ServedInstance } from '../instance/served-instance.js'
import type { Counters } from '../log/counters.js'
import type { ServerLog } from '../log/server-log.js'

/** Runs events for either protocol: counts them, logs what failed, and keeps an instance open while one of its events runs. */
export class EventRunner {
  readonly #counters: Counters
  readonly #log: ServerLog

  constructor(counters: Counters, log: ServerLog) {
    this.#counters = counters
    this.#log = log
  }

  /**
   * @param carrier takes the event's PDK calls to Kong.
   * @param ended is told once how the event ended.
   * @returns the calls of the event, for the carrier to answer.
   */
  run(eventId: number, served: ServedInstance, phase: PhaseDefinition, carrier: CallCarrier, ended: (outcome: PhaseOutcome) => void): EventCalls {
    const counters = this.#counters
    counters.events++
    counters.liveEvents++
    served.eventBegins()
    const calls = new EventCalls(carrier)
    void dispatchPhase(served.instance, phase, calls).then((outcome) => {
      counters.liveEvents--
      if (outcome.kind !== 'finished') this.#note(eventId, served, phase, outcome)
      ended(outcome)
      served.eventEnds()
    })
    return calls
  }

  #note(event: number, { definition, id }: ServedInstance, { phase }: PhaseDefinition, outcome: PhaseOutcome): void {
    const counters = this.#counters
    const context = { plugin: definition.name, instance: id, event, phase }
    switch (outcome.kind) {
      case 'exited':
        counters.exits++
        break
      case 'lost':
        counters.lostEvents++
        this.#log.warn(context, 'event lost: Kong does not wait for it any more')
        break
      case 'failed':
        counters.failures++
        if (outcome.answeredWith !== undefined) counters.failedClosed++
        else counters.failedOpen++
        this.#log.error({ ...context, err: outcome.error }, outcome.answeredWith === undefined ? 'handler failed, the request goes on' : `handler failed, client answered with ${outcome.answeredWith}`)
        break
      case 'finished':
        break
    }
  }
}
