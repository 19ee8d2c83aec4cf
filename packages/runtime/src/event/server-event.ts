import { EventRun, type EventCarrier, type EventRunOptions, type PhaseDefinition, type PhaseOutcome } from '@kong-ts/core/server'
import { KongTsError } from '@kong-ts/core'
import type { ServedInstance } from '../instance/served-instance.js'
import type { EventGeneration, EventRunner } from './event-runner.js'

const OPTIONS: EventRunOptions = Object.freeze({ askRequestId: true })

/** One event of the plugin server. A subclass for each protocol writes what Kong hears of it. */
export abstract class ServerEvent implements EventCarrier {
  readonly id: number
  readonly served: ServedInstance
  readonly generation: EventGeneration
  protected readonly run: EventRun
  readonly #runner: EventRunner

  constructor(id: number, served: ServedInstance, phase: PhaseDefinition, runner: EventRunner) {
    this.id = id
    this.served = served
    this.generation = runner.generation
    this.#runner = runner
    this.run = new EventRun(phase, this, OPTIONS)
  }

  get phase(): EventRun['phase'] {
    return this.run.phase
  }

  abstract send(method: string, args: readonly unknown[]): void

  /** Tells Kong, if it waits, that the phase is over, and drops the event. */
  protected abstract conclude(kongWaits: boolean): void

  /** Calls the handler. A handler that has nothing to wait for has ended the event when this returns. */
  protected start(): void {
    this.#runner.began(this)
    this.run.start(this.served.instance)
  }

  ended(outcome: PhaseOutcome): void {
    try {
      this.conclude(outcome.kind === 'finished' || (outcome.kind === 'failed' && outcome.kongWaits))
    } finally {
      this.#runner.ended(this, outcome)
    }
  }

  rejected(promise: Promise<unknown>, error: unknown): void {
    this.#runner.rejected(this, promise, error)
  }

  /** Ends the handler's time. */
  expire(error: KongTsError): void {
    this.run.interrupt(error)
  }

  protected lose(reason: string): void {
    this.run.lose(new KongTsError('ERR_PDK_CALL', `${reason}: the request is over, nothing more can be done for it`))
  }
}
