import { FINAL_METHODS, PHASES_WITH_RESPONSE, type EventCalls, type PhaseDefinition, type PhaseOutcome } from '@kong-ts/core/server'
import { KongTsError } from '@kong-ts/core'
import type { CoarseClock } from '../event/coarse-clock.js'
import type { EventRunner } from '../event/event-runner.js'
import type { EventCarrier } from '../event/running-event.js'
import type { ServedInstance } from '../instance/served-instance.js'
import type { ProtocolError } from '../errors/server-errors.js'
import type { Int64 } from './field-reader.js'
import type { ReadResult } from './pdk-codec.js'
import type { ProtobufConnection } from './protobuf-connection.js'
import { SpilledBody } from './spilled-body.js'

/** One event of ProtoBuf:1: it has the connection for itself, from Kong's command to the end of the phase. */
export class ProtobufEvent implements EventCarrier {
  readonly id: number
  readonly #connection: ProtobufConnection
  readonly #sequence: Int64
  readonly #forget: (event: ProtobufEvent) => void
  readonly #clock: Pick<CoarseClock, 'present'>
  #calls: EventCalls | undefined
  #readResult: ReadResult | undefined
  #failsClosed = true
  #abandoned = false
  /** In the time of the clock, when Kong was last handed a call or gave an answer. */
  #lastExchange: number

  constructor(
    id: number,
    connection: ProtobufConnection,
    sequence: Int64,
    clock: Pick<CoarseClock, 'present'>,
    forget: (event: ProtobufEvent) => void,
  ) {
    this.id = id
    this.#connection = connection
    this.#sequence = sequence
    this.#forget = forget
    this.#clock = clock
    this.#lastExchange = clock.present
  }

  begin(runner: EventRunner, served: ServedInstance, phase: PhaseDefinition): void {
    this.#failsClosed = !phase.failOpen && PHASES_WITH_RESPONSE.has(phase.phase)
    this.#connection.beginEvent(this)
    this.#calls = runner.run(this.id, served, phase, this)
  }

  send(method: string, args: readonly unknown[]): void {
    const readResult = this.#connection.sendCall(method, args)
    this.#lastExchange = this.#clock.present
    if (FINAL_METHODS.has(method)) this.#connection.expectNothing()
    else {
      this.#readResult = readResult
      this.#connection.expectReply()
    }
  }

  /**
   * Kong's answer to the last PDK call. One that cannot be read costs that call alone: Kong would begin the event anew if the connection
   * were closed.
   */
  reply(frame: Buffer): void {
    const readResult = this.#takeOver()
    if (this.#abandoned) {
      this.#endLate()
      return
    }
    let result: unknown
    try {
      result = readResult?.(frame)
    } catch (error) {
      this.#calls?.answerWithError(error)
      return
    }
    if (result instanceof SpilledBody) void this.#readBody(result)
    else this.#calls?.answer(result)
  }

  refuseReply(error: ProtocolError): void {
    this.#takeOver()
    if (this.#abandoned) this.#endLate()
    else this.#calls?.answerWithError(error)
  }

  connectionLost(): void {
    this.#lose('the connection of this event has closed')
  }

  /** Kong has answered nothing since `before`. */
  isAbandoned(before: number): boolean {
    return this.#readResult !== undefined && this.#lastExchange < before && !this.#abandoned
  }

  /** Kong has waited for the next call, or the end, since `before`. */
  keepsKongWaiting(before: number): boolean {
    return this.#readResult === undefined && this.#lastExchange < before
  }

  /** Ends the handler's time. */
  expire(error: KongTsError): void {
    this.#calls?.interrupt(error)
  }

  /** The connection stays: were it closed, Kong would begin the event anew when it comes back to it. */
  abandon(): void {
    this.#abandoned = true
    this.#lose('Kong never answered the last PDK call of this event')
  }

  /** Kong has answered after all, when nobody was there any more. */
  #endLate(): void {
    if (this.#failsClosed) this.#connection.failRequest()
    else this.#connection.endEvent(this.#sequence)
  }

  async #readBody(body: SpilledBody): Promise<void> {
    try {
      // The next call waits until the file is read: nginx removes it when the request is over.
      this.#calls?.answer(await body.read(this.#connection.maxMessageBytes))
    } catch (error) {
      this.#calls?.answerWithError(error)
    }
  }

  /** It is this side's turn again. */
  #takeOver(): ReadResult | undefined {
    const readResult = this.#readResult
    this.#readResult = undefined
    this.#lastExchange = this.#clock.present
    return readResult
  }

  #lose(reason: string): void {
    this.#forget(this)
    this.#calls?.fail(new KongTsError('ERR_PDK_CALL', `${reason}: the request is over, nothing more can be done for it`))
  }

  ended(outcome: PhaseOutcome): void {
    this.#forget(this)
    if (outcome.kind === 'finished' || (outcome.kind === 'failed' && outcome.kongWaits)) this.#connection.endEvent(this.#sequence)
  }
}
