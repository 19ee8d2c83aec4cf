import type { Socket } from 'node:net'
import type { ConnectionHandler } from '../protocol/server-protocol.js'
import { ByteQueue, type BufferBudget } from '../wire/byte-queue.js'
import { LONGEST_READ, type ProtocolLimits } from '../wire/limits.js'
import { MOST_UNREAD_BYTES, sendShared } from '../wire/send-shared.js'
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
  /** Takes a request, which is valid until it returns. */
  handle(connection: MsgpackConnection, request: RpcRequest): void
  /** Called when bytes are not a message, or a message could not be handled. The connection is then closed. */
  refused(error: unknown): void
}

/** An event whose next message Kong awaits on this connection. */
export interface WaitingEvent {
  connectionLost(): void
}

/** Kong has one open request on a connection. From a peer with this many, the server reads no more until some are answered. */
const MOST_WAITING_EVENTS = 256
/** How long Kong may take to send the rest of a refused message and to close. */
const REFUSED_GRACE_MS = 60_000
/** The first byte of an answer; the rest never follows. */
const HALF_ANSWER = Buffer.of(0x94)

/** One connection of Kong's: turns bytes into requests, and answers into bytes. Reads may bring part of a message or several. */
export class MsgpackConnection implements ConnectionHandler {
  readonly #socket: Socket
  readonly #tools: ConnectionTools
  readonly #unfinished: ByteQueue
  readonly #scanner: MessageScanner
  /** The event whose next message Kong awaits here. Kong has one at a time; further ones of other peers are in the set. */
  #waiting: WaitingEvent | undefined
  #moreWaiting: Set<WaitingEvent> | undefined
  #paused = false
  #refused = false
  #closer: NodeJS.Timeout | undefined

  constructor(socket: Socket, tools: ConnectionTools) {
    this.#socket = socket
    this.#tools = tools
    // The scanner bounds the message. The queue has room for what one read brings of the next message.
    this.#unfinished = new ByteQueue(tools.limits.maxMessageBytes + LONGEST_READ, tools.budget)
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

  /** Kong no longer awaits a message of the event here. */
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
   * Closes the connection so that Kong fails closed. Kong ends the request with 500 when a connection closes inside an answer, and lets it go on
   * without the plugin when it closes between messages. So Kong gets the first byte of an answer. It reads that only when it has sent its whole
   * message, so the rest of the message is still taken.
   */
  #refuse(error: unknown): void {
    this.#refused = true
    this.#tools.refused(error)
    this.#unfinished.release()
    this.#socket.end(HALF_ANSWER)
    this.#closer = setTimeout(() => this.#socket.destroy(), REFUSED_GRACE_MS)
    this.#closer.unref()
  }

  /** Adds a read to a message that began in an earlier one. @returns where the next message begins in the read. */
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
