import type { Socket } from 'node:net'
import type { BufferBudget } from '../protocol/buffer-budget.js'
import { ByteQueue } from '../protocol/byte-queue.js'
import type { ProtocolLimits } from '../protocol/limits.js'
import { MOST_UNREAD_BYTES, sendShared } from '../protocol/send-shared.js'
import type { ConnectionHandler } from '../protocol/server-protocol.js'
import type { AnswerWriter, Notification } from './answer-writer.js'
import { INCOMPLETE, type MessageReader } from './message-reader.js'
import { MessageScanner } from './message-scanner.js'
import type { RpcRequest } from './rpc-request.js'

/** What all connections of a server share. */
export interface ConnectionTools {
  readonly reader: MessageReader
  readonly request: RpcRequest
  readonly answers: AnswerWriter
  readonly limits: ProtocolLimits
  readonly budget: BufferBudget
  /** Takes a request; what it is told is valid until it returns. */
  handle(connection: MsgpackConnection, request: RpcRequest): void
  /** Bytes that are no message came, or handling one went wrong: the connection is closed. */
  refused(error: unknown): void
}

/** An event whose next message Kong awaits on a connection. */
export interface WaitingEvent {
  connectionLost(): void
}

/** Kong has one request outstanding on a connection. Whoever has more, or does not read the answers, is read from no further until that changes. */
const MOST_WAITING_EVENTS = 256
/** Milliseconds that Kong has to send the rest of a refused message, and to close. */
const REFUSED_GRACE = 60_000
/** The head of an answer that never follows. */
const HALF_ANSWER = Buffer.of(0x94)

/** One connection of Kong's: bytes to requests, answers to bytes. Whatever arrives, split or glued, disturbs no other connection. */
export class MsgpackConnection implements ConnectionHandler {
  readonly #socket: Socket
  readonly #tools: ConnectionTools
  readonly #unfinished: ByteQueue
  readonly #scanner: MessageScanner
  /** The event whose next message Kong awaits here. Kong has one at a time; what others have more of goes into a set. */
  #waiting: WaitingEvent | undefined
  #moreWaiting: Set<WaitingEvent> | undefined
  #paused = false
  #refused = false
  #closer: NodeJS.Timeout | undefined

  constructor(socket: Socket, tools: ConnectionTools) {
    this.#socket = socket
    this.#tools = tools
    this.#unfinished = new ByteQueue(tools.limits.maxMessageBytes, tools.budget)
    this.#scanner = new MessageScanner(tools.limits)
    socket.on('drain', () => this.#readOn())
  }

  receive(buffer: Buffer, length: number): void {
    if (this.#refused) return
    try {
      let start = 0
      if (this.#unfinished.length > 0) start = this.#continueUnfinished(buffer, length)
      if (start < length) this.#readFrom(buffer, start, length)
    } catch (error) {
      this.#refuse(error)
      return
    }
    if (this.#mustPause) {
      this.#paused = true
      this.#socket.pause()
    }
  }

  closed(): void {
    clearTimeout(this.#closer)
    this.#unfinished.release()
    const waiting = this.#waiting
    const others = this.#moreWaiting
    this.#waiting = this.#moreWaiting = undefined
    waiting?.connectionLost()
    if (others !== undefined) for (const event of others) event.connectionLost()
  }

  /** Kong awaits the next message of the event here. */
  awaits(event: WaitingEvent): void {
    if (this.#waiting === undefined) this.#waiting = event
    else (this.#moreWaiting ??= new Set()).add(event)
  }

  /** The event awaits nothing on this connection any more. */
  letGo(event: WaitingEvent): void {
    if (this.#waiting === event) this.#waiting = undefined
    else this.#moreWaiting?.delete(event)
    if (this.#paused) this.#readOn()
  }

  answerCall(messageId: number, eventId: number, method: string, args: readonly unknown[]): void {
    this.#tools.answers.call(messageId, eventId, method, args)
    this.#send()
  }

  /** Tells Kong that the phase is over. */
  answerReturn(messageId: number, eventId: number): void {
    this.#tools.answers.end(messageId, eventId)
    this.#send()
  }

  answerResult(messageId: number, result: Readonly<Record<string, unknown>>): void {
    this.#tools.answers.result(messageId, result)
    this.#send()
  }

  answerError(messageId: number, error: string, notifications: readonly Notification[] = []): void {
    this.#tools.answers.error(messageId, error, notifications)
    this.#send()
  }

  #send(): void {
    const { answers } = this.#tools
    if (this.#socket.writable) sendShared(this.#socket, answers.bytes, answers)
  }

  get #mustPause(): boolean {
    const more = this.#moreWaiting
    return (more !== undefined && more.size >= MOST_WAITING_EVENTS) || this.#socket.writableLength > MOST_UNREAD_BYTES
  }

  #readOn(): void {
    if (!this.#paused || this.#mustPause) return
    this.#paused = false
    this.#socket.resume()
  }

  /**
   * Closes the connection so that Kong fails closed. When a connection closes between messages, Kong lets the request go on without the plugin;
   * inside an answer, it ends the request with 500. So Kong gets the beginning of an answer and no more, and may finish what it is sending:
   * it reads only then.
   */
  #refuse(error: unknown): void {
    this.#refused = true
    this.#tools.refused(error)
    this.#unfinished.release()
    this.#socket.end(HALF_ANSWER)
    this.#closer = setTimeout(() => this.#socket.destroy(), REFUSED_GRACE)
    this.#closer.unref()
  }

  /** Adds to a message that began in an earlier read. @returns where the rest of the read begins. */
  #continueUnfinished(buffer: Buffer, length: number): number {
    const before = this.#unfinished.length
    this.#unfinished.push(buffer.subarray(0, length))
    const end = this.#scanner.scan(this.#unfinished.bytes)
    if (end === undefined) return length
    const { reader, request } = this.#tools
    reader.reset(this.#unfinished.bytes, 0, end)
    request.read(reader)
    this.#unfinished.drop(this.#unfinished.length)
    this.#scanner.reset()
    this.#tools.handle(this, request)
    return end - before
  }

  #readFrom(buffer: Buffer, from: number, end: number): void {
    const { reader, request } = this.#tools
    let start = from
    while (start < end) {
      reader.reset(buffer, start, end)
      try {
        request.read(reader)
      } catch (error) {
        if (error !== INCOMPLETE) throw error
        this.#unfinished.push(buffer.subarray(start, end))
        this.#scanner.scan(this.#unfinished.bytes)
        return
      }
      start = reader.position
      this.#tools.handle(this, request)
    }
  }
}
