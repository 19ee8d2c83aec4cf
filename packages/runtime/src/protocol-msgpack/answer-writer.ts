import { MessageWriter, fixText } from './message-writer.js'

/** At most this many method names are remembered. Plugins call few methods, but a name may come from anywhere. */
const REMEMBERED_METHODS = 1024

/** An array of four parts. The first says that it is an answer. */
const ANSWER = Buffer.of(0x94, 1)
/** No error, and a result of two members. The first is the event's id. */
const RESULT_OF_EVENT = Buffer.concat([Buffer.of(0xc0, 0x82), fixText('EventId')])
const DATA = fixText('Data')
const DATA_RETURN = Buffer.concat([DATA, fixText('ret')])
const DATA_METHOD = Buffer.concat([DATA, Buffer.of(0x82), fixText('Method')])
const ARGS = fixText('Args')

/** A notification: its label and a number. */
export type Notification = readonly [label: string, argument: number]

/** Writes the answers to Kong's requests: `[1, id, error, result]`. */
export class AnswerWriter {
  readonly #writer = new MessageWriter()
  /** The bytes before the arguments of a call, by its method. */
  readonly #calls = new Map<string, Buffer>()

  /** The answer written last; overwritten by the next. */
  get bytes(): Buffer {
    return this.#writer.bytes
  }

  /** Gives up the buffer of the last answer: a socket has not sent all of it. */
  leaveBuffer(): void {
    this.#writer.leaveBuffer()
  }

  /** The next PDK call of an event. */
  call(messageId: number, eventId: number, method: string, args: readonly unknown[]): void {
    const writer = this.#writer
    this.#beginForEvent(messageId, eventId)
    writer.raw(this.#calls.get(method) ?? this.#remember(method))
    const { length } = args
    writer.arrayHeader(length)
    for (let index = 0; index < length; index++) writer.value(args[index])
  }

  /** Tells Kong that the phase is over. */
  end(messageId: number, eventId: number): void {
    this.#beginForEvent(messageId, eventId)
    this.#writer.raw(DATA_RETURN)
  }

  result(messageId: number, result: Readonly<Record<string, unknown>>): void {
    this.#begin(messageId)
    this.#writer.nil()
    this.#writer.value(result)
  }

  /**
   * @param error must be text: Kong's handler crashes on anything else.
   * @param notifications go first and in the same bytes, because Kong drops what follows an answer.
   */
  error(messageId: number, error: string, notifications: readonly Notification[]): void {
    const writer = this.#writer
    writer.begin()
    for (const [label, argument] of notifications) writer.value([2, label, argument])
    this.#head(messageId)
    writer.text(error)
    writer.nil()
  }

  #beginForEvent(messageId: number, eventId: number): void {
    this.#begin(messageId)
    this.#writer.raw(RESULT_OF_EVENT)
    this.#writer.integer(eventId)
  }

  #begin(messageId: number): void {
    this.#writer.begin()
    this.#head(messageId)
  }

  #head(messageId: number): void {
    this.#writer.raw(ANSWER)
    this.#writer.integer(messageId)
  }

  #remember(method: string): Buffer {
    const name = new MessageWriter()
    name.text(method)
    const bytes = Buffer.concat([DATA_METHOD, name.bytes, ARGS])
    if (this.#calls.size < REMEMBERED_METHODS) this.#calls.set(method, bytes)
    return bytes
  }
}
