import { EventCalls, type CallCarrier, type CallWatch, type PhaseDefinition, type PhaseEnd, type PhaseOutcome } from '@kong-ts/core/server'
import { type Phase } from '@kong-ts/core'
import type { ServedInstance } from '../instance/served-instance.js'
import type { LogContext } from '../log/log-record.js'

/** Events that began in the same stretch of time, counted so that somebody can wait for their end. */
export interface EventGeneration {
  running: number
  whenEnded: (() => void) | undefined
}

/** Takes an event's PDK calls to Kong, and is told how it ended. */
export interface EventCarrier extends CallCarrier {
  ended(outcome: PhaseOutcome): void
}

/** Is told that an event has ended, and tells its carrier. */
export type EventEnd = (event: RunningEvent, outcome: PhaseOutcome) => void

/** An event that runs: its calls, and how the log names it. */
export class RunningEvent extends EventCalls implements PhaseEnd {
  readonly id: number
  readonly served: ServedInstance
  readonly phase: Phase
  readonly generation: EventGeneration
  readonly carrier: EventCarrier
  readonly #end: EventEnd

  constructor(
    carrier: EventCarrier,
    watch: CallWatch,
    id: number,
    served: ServedInstance,
    { phase }: PhaseDefinition,
    generation: EventGeneration,
    end: EventEnd,
  ) {
    super(carrier, watch)
    this.carrier = carrier
    this.#end = end
    this.id = id
    this.served = served
    this.phase = phase
    this.generation = generation
  }

  phaseEnded(outcome: PhaseOutcome): void {
    this.#end(this, outcome)
  }

  get logContext(): LogContext {
    const { id, served, phase } = this
    return { plugin: served.definition.name, phase, instance: served.id, event: id }
  }
}
