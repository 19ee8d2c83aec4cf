import { KongTsError } from '@kong-ts/core'
import { type PhaseDefinition } from '@kong-ts/core/server'
import type { CoarseClock } from '../event/coarse-clock.js'
import type { EventRunner } from '../event/event-runner.js'
import { ServerEvent } from '../event/server-event.js'
import type { ServedInstance } from '../instance/served-instance.js'
import type { MsgpackConnection } from './msgpack-connection.js'

/**
 * One event of MsgPack:1. Kong runs it as a row of requests: HandleEvent, then a Step for each PDK call. Each may come on another connection,
 * so the event belongs to the server and remembers only the connection on which Kong waits now.
 */
export class MsgpackEvent extends ServerEvent {
  readonly #forget: (event: MsgpackEvent) => void
  readonly #clock: Pick<CoarseClock, 'present'>
  /** Where Kong waits for the next call or the end; `undefined` while Kong works on a call. */
  #asker: MsgpackConnection | undefined
  #messageId = 0
  /** In the time of the clock, when Kong's last message came. */
  #lastHeard = 0

  constructor(
    id: number,
    served: ServedInstance,
    phase: PhaseDefinition,
    runner: EventRunner,
    clock: Pick<CoarseClock, 'present'>,
    forget: (event: MsgpackEvent) => void,
  ) {
    super(id, served, phase, runner)
    this.#clock = clock
    this.#forget = forget
  }

  begin(asker: MsgpackConnection, messageId: number): void {
    this.#takeOver(asker, messageId)
    this.start()
  }

  /** Kong's answer to the last PDK call. */
  step(asker: MsgpackConnection, messageId: number, data: unknown): void {
    if (this.#asker !== undefined) {
      asker.answerError(messageId, 'this event is not waiting for a step')
      return
    }
    this.#takeOver(asker, messageId)
    this.run.answer(data)
  }

  send(method: string, args: readonly unknown[]): void {
    const asker = this.#asker
    if (asker === undefined)
      throw new KongTsError('ERR_PDK_CALL', `${method} was called while Kong is answering another call: report this as a bug of kong-ts`)
    asker.answerCall(this.#messageId, this.id, method, args)
    this.#letGo()
  }

  /** The connection on which Kong waits has closed: Kong cannot be answered there, and asks nowhere else. */
  connectionLost(): void {
    this.#asker = undefined
    this.lose('the connection Kong was waiting on has closed')
  }

  /** Whether Kong has answered nothing since `before`: it raised on the call, or has given the request up. */
  isAbandoned(before: number): boolean {
    return this.#asker === undefined && this.#lastHeard < before
  }

  /** Whether Kong has waited for the next call, or the end, since `before`. */
  keepsKongWaiting(before: number): boolean {
    return this.#asker !== undefined && this.#lastHeard < before
  }

  abandon(): void {
    this.lose('Kong never answered the last PDK call of this event')
  }

  protected conclude(kongWaits: boolean): void {
    if (kongWaits) this.#asker?.answerReturn(this.#messageId, this.id)
    this.#letGo()
    this.#forget(this)
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
}
