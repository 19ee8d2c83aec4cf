import { KongTsError } from '@kong-ts/core'
import { type EventCalls, type PhaseDefinition, type PhaseOutcome } from '@kong-ts/core/server'
import type { CoarseClock } from '../event/coarse-clock.js'
import type { EventRunner } from '../event/event-runner.js'
import type { EventCarrier } from '../event/running-event.js'
import type { ServedInstance } from '../instance/served-instance.js'
import type { MsgpackConnection } from './msgpack-connection.js'

/**
 * One event of MsgPack:1. Kong runs it as a row of requests (HandleEvent, then a Step for each PDK call), each on whatever connection is free:
 * the event belongs to the server, and remembers only where the request came from that Kong is waiting on now.
 */
export class MsgpackEvent implements EventCarrier {
  readonly id: number
  readonly #forget: (event: MsgpackEvent) => void
  readonly #clock: Pick<CoarseClock, 'present'>
  #calls: EventCalls | undefined
  #asker: MsgpackConnection | undefined
  #messageId = 0
  /** In the time of the clock, when Kong was last heard. */
  #lastHeard = 0

  constructor(id: number, clock: Pick<CoarseClock, 'present'>, forget: (event: MsgpackEvent) => void) {
    this.id = id
    this.#clock = clock
    this.#forget = forget
  }

  begin(asker: MsgpackConnection, messageId: number, runner: EventRunner, served: ServedInstance, phase: PhaseDefinition): void {
    this.#takeOver(asker, messageId)
    this.#calls = runner.run(this.id, served, phase, this)
  }

  /** Kong's answer to the last PDK call. */
  step(asker: MsgpackConnection, messageId: number, data: unknown): void {
    if (this.#asker !== undefined) {
      asker.answerError(messageId, 'this event is not waiting for a step')
      return
    }
    this.#takeOver(asker, messageId)
    this.#calls?.answer(data)
  }

  send(method: string, args: readonly unknown[]): void {
    const asker = this.#asker
    if (asker === undefined)
      throw new KongTsError('ERR_PDK_CALL', `${method} was called while Kong is answering another call: report this as a bug of kong-ts`)
    asker.answerCall(this.#messageId, this.id, method, args)
    this.#letGo()
  }

  /** The connection on which Kong waits has gone: nothing can be answered there, and nothing will be asked elsewhere. */
  connectionLost(): void {
    this.#asker = undefined
    this.#lose('the connection Kong was waiting on has closed')
  }

  /** Kong has answered nothing since `before`: it raised, or gave the request up. */
  isAbandoned(before: number): boolean {
    return this.#asker === undefined && this.#lastHeard < before
  }

  /** Kong has waited for the next message since `before`. */
  keepsKongWaiting(before: number): boolean {
    return this.#asker !== undefined && this.#lastHeard < before
  }

  /** Ends the handler's time. */
  expire(error: KongTsError): void {
    this.#calls?.interrupt(error)
  }

  abandon(): void {
    this.#lose('Kong never answered the last PDK call of this event')
  }

  #lose(reason: string): void {
    this.#forget(this)
    this.#calls?.fail(new KongTsError('ERR_PDK_CALL', `${reason}: the request is over, nothing more can be done for it`))
  }

  #takeOver(asker: MsgpackConnection, messageId: number): void {
    this.#asker = asker
    this.#messageId = messageId
    this.#lastHeard = this.#clock.present
    asker.awaits(this)
  }

  #letGo(): void {
    this.#asker?.letGo(this)
    this.#asker = undefined
  }

  ended(outcome: PhaseOutcome): void {
    const kongWaits = outcome.kind === 'finished' || (outcome.kind === 'failed' && outcome.kongWaits)
    if (kongWaits) this.#asker?.answerReturn(this.#messageId, this.id)
    this.#letGo()
    this.#forget(this)
  }
}
