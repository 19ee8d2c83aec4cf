import { FINAL_METHODS, PHASES_WITH_RESPONSE, type PhaseDefinition } from '@kong-ts/core/server'
import type { CoarseClock } from '../event/coarse-clock.js'
import type { EventRunner } from '../event/event-runner.js'
import { ServerEvent } from '../event/server-event.js'
import type { ServedInstance } from '../instance/served-instance.js'
import type { ProtocolError } from '../errors/server-errors.js'
import type { Int64 } from './field-reader.js'
import type { ReadResult } from './pdk-codec.js'
import type { ProtobufConnection } from './protobuf-connection.js'
import { SpilledBody } from './spilled-body.js'

/** One event of ProtoBuf:1. It has the connection for itself, from Kong's command to the end of the phase. */
export class ProtobufEvent extends ServerEvent {
  readonly #connection: ProtobufConnection
  readonly #sequence: Int64
  readonly #failsClosed: boolean
  readonly #forget: (event: ProtobufEvent) => void
  readonly #clock: Pick<CoarseClock, 'present'>
  /** Reads Kong's answer to the call it works on; `undefined` while Kong waits. */
  #readResult: ReadResult | undefined
  #abandoned = false
  /** In the time of the clock, when Kong was last sent a call or gave an answer. */
  #lastExchange: number

  constructor(
    id: number,
    served: ServedInstance,
    phase: PhaseDefinition,
    runner: EventRunner,
    connection: ProtobufConnection,
    sequence: Int64,
    clock: Pick<CoarseClock, 'present'>,
    forget: (event: ProtobufEvent) => void,
  ) {
    super(id, served, phase, runner)
    this.#connection = connection
    this.#sequence = sequence
    this.#failsClosed = !phase.failOpen && PHASES_WITH_RESPONSE.has(phase.phase)
    this.#forget = forget
    this.#clock = clock
    this.#lastExchange = clock.present
  }

  begin(): void {
    this.#connection.beginEvent(this)
    this.start()
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
   * Kong's answer to the last PDK call. An answer that cannot be read rejects that call only, and the connection stays open: if it were
   * closed, Kong would run the event again.
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
      this.run.answerWithError(error)
      return
    }
    if (result instanceof SpilledBody) void this.#readBody(result)
    else this.run.answer(result)
  }

  refuseReply(error: ProtocolError): void {
    this.#takeOver()
    if (this.#abandoned) this.#endLate()
    else this.run.answerWithError(error)
  }

  connectionLost(): void {
    this.lose('the connection of this event has closed')
  }

  /** Whether Kong has answered nothing since `before`. */
  isAbandoned(before: number): boolean {
    return this.#readResult !== undefined && this.#lastExchange < before && !this.#abandoned
  }

  /** Whether Kong has waited for the next call, or the end, since `before`. */
  keepsKongWaiting(before: number): boolean {
    return this.#readResult === undefined && this.#lastExchange < before
  }

  /** Keeps the connection open: if it were closed, Kong would run the event again when it comes back to it. */
  abandon(): void {
    this.#abandoned = true
    this.lose('Kong never answered the last PDK call of this event')
  }

  protected conclude(kongWaits: boolean): void {
    this.#forget(this)
    if (kongWaits) this.#connection.endEvent(this.#sequence)
  }

  /** Kong has answered after the event was abandoned. */
  #endLate(): void {
    if (this.#failsClosed) this.#connection.failRequest()
    else this.#connection.endEvent(this.#sequence)
  }

  async #readBody(body: SpilledBody): Promise<void> {
    try {
      // The next call waits until the file is read: nginx removes it when the request is over.
      this.run.answer(await body.read(this.#connection.maxMessageBytes))
    } catch (error) {
      this.run.answerWithError(error)
    }
  }

  /** It is this side's turn again. */
  #takeOver(): ReadResult | undefined {
    const readResult = this.#readResult
    this.#readResult = undefined
    this.#lastExchange = this.#clock.present
    return readResult
  }
}
