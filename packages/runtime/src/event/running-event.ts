import { EventCalls, type CallCarrier, type CallWatch, type Phase, type PhaseDefinition } from '@kong-ts/core'
import type { ServedInstance } from '../instance/served-instance.js'
import type { LogContext } from '../log/server-log.js'

/** Events that began in the same stretch of time, counted so that somebody can wait for their end. */
export interface EventGeneration {
  running: number
  whenEnded: (() => void) | undefined
}

/** An event that runs: its calls, and how the log names it. */
export class RunningEvent extends EventCalls {
  readonly id: number
  readonly served: ServedInstance
  readonly phase: Phase
  readonly generation: EventGeneration

  constructor(carrier: CallCarrier, watch: CallWatch, id: number, served: ServedInstance, { phase }: PhaseDefinition, generation: EventGeneration) {
    super(carrier, watch)
    this.id = id
    this.served = served
    this.phase = phase
    this.generation = generation
  }

  get logContext(): LogContext {
    const { id, served, phase } = this
    return { plugin: served.definition.name, phase, instance: served.id, event: id }
  }
}
