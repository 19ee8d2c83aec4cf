import type { Socket } from 'node:net'
import type { BufferBudget } from '../protocol/buffer-budget.js'
import { ByteQueue } from '../protocol/byte-queue.js'
import type { ProtocolLimits } from '../protocol/limits.js'
import { INCOMPLETE, type MessageReader } from './message-reader.js'
import { MessageScanner } from './message-scanner.js'
import type { MessageWriter } from './message-writer.js'
import { readRequest, type RpcRequest } from './rpc-request.js'

/** Takes the requests of one connection. */
export interface RequestSink {
  request(connection: MsgpackConnection, request: RpcRequest): void
  /** Bytes that are no message came, or handling one went wrong: the connection is closed. */
  refused(error: unknown): void
}

/** An event whose next message Kong awaits on a connection. */
export interface WaitingEvent {
  connectionLost(): void
}

/** Kong has one request outstanding on a connection. Whoever has more, or does not read the answers, is read from no further until that changes. */
const MOST_WAITING_EVENTS = 256
const MOST_UNREAD_BYTES = 1024 * 1024
/** Milliseconds that Kong has to send the rest of a refused message, and to close. */
const REFUSED_GRACE = 60_000
/** The head of an answer that never follows. */
const HALF_ANSWER = Buffer.of(0x94)

/** One connection of Kong's: bytes to requests, answers to bytes. Whatever arrives, split or glued, disturbs no other connection. */
export class MsgpackConnection {
  /** Events whose next message Kong awaits on this connection. */
  readonly waitingEvents = new Set<WaitingEvent>()
  readonly #socket: Socket
  readonly #sink: RequestSink
  readonly #reader: MessageReader
  readonly #writer: MessageWriter
  readonly #unfinished: ByteQueue
  readonly #scanner: MessageScanner
  #paused = false
  #refused = false
  #closer: NodeJS.Timeout | undefined

  constructor(socket: Socket, sink: RequestSink, reader: MessageReader, writer: MessageWriter, limits: ProtocolLimits, budget: BufferBudget) {
    this.#socket = socket
    this.#sink = sink
    this.#reader = reader
    this.#writer = writer
    this.#unfinished = new ByteQueue(limits.maxMessageBytes, budget)
    this.#scanner = new MessageScanner(limits)
    socket.on('drain', () => this.#readOn())
  }

  /** Takes bytes as they come; they may be overwritten afterwards. */
  receive(chunk: Buffer): void {
    if (this.#refused) return
    try {
      let start = 0
      if (this.#unfinished.length > 0) start = this.#continueUnfinished(chunk)
      if (start < chunk.length) this.#readFrom(chunk, start)
    } catch (error) {
      this.#refuse(error)
      return
    }
    if (this.waitingEvents.size > MOST_WAITING_EVENTS || this.#socket.writableLength > MOST_UNREAD_BYTES) {
      this.#paused = true
      this.#socket.pause()
    }
  }

  closed(): void {
    clearTimeout(this.#closer)
    this.#unfinished.release()
    for (const event of this.waitingEvents) event.connectionLost()
    this.waitingEvents.clear()
  }

  /** The event awaits nothing on this connection any more. */
  letGo(event: WaitingEvent): void {
    this.waitingEvents.delete(event)
    if (this.#paused) this.#readOn()
  }

  answerCall(messageId: number, eventId: number, method: string, args: readonly unknown[]): void {
    const writer = this.#beginAnswer(messageId)
    writer.nil()
    writer.mapHeader(2)
    writer.constant('EventId')
    writer.integer(eventId)
    writer.constant('Data')
    writer.mapHeader(2)
    writer.constant('Method')
    writer.constant(method)
    writer.constant('Args')
    writer.arrayHeader(args.length)
    for (let index = 0; index < args.length; index++) writer.value(args[index])
    this.#send()
  }

  /** Tells Kong that the phase is over. */
  answerReturn(messageId: number, eventId: number): void {
    const writer = this.#beginAnswer(messageId)
    writer.nil()
    writer.mapHeader(2)
    writer.constant('EventId')
    writer.integer(eventId)
    writer.constant('Data')
    writer.constant('ret')
    this.#send()
  }

  answerResult(messageId: number, result: Readonly<Record<string, unknown>>): void {
    const writer = this.#beginAnswer(messageId)
    writer.nil()
    writer.value(result)
    this.#send()
  }

  /** The error must be text: Kong's handler crashes on anything else. Notifications go first, in the same bytes; Kong drops what follows an answer. */
  answerError(messageId: number, error: string, notifications: readonly (readonly [label: string, argument: number])[] = []): void {
    this.#writer.begin(this.#socket.writableLength > 0)
    for (const [label, argument] of notifications) {
      this.#writer.arrayHeader(3)
      this.#writer.integer(2)
      this.#writer.constant(label)
      this.#writer.integer(argument)
    }
    this.#writeAnswerHead(messageId)
    this.#writer.value(error)
    this.#writer.nil()
    this.#send()
  }

  #beginAnswer(messageId: number): MessageWriter {
    // The socket may still hold the buffer of the last answer when Kong reads slowly.
    this.#writer.begin(this.#socket.writableLength > 0)
    this.#writeAnswerHead(messageId)
    return this.#writer
  }

  #writeAnswerHead(messageId: number): void {
    this.#writer.arrayHeader(4)
    this.#writer.integer(1)
    this.#writer.integer(messageId)
  }

  #send(): void {
    if (this.#socket.writable) this.#socket.write(this.#writer.bytes)
  }

  #readOn(): void {
    if (!this.#paused || this.waitingEvents.size > MOST_WAITING_EVENTS || this.#socket.writableLength > MOST_UNREAD_BYTES) return
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
    this.#sink.refused(error)
    this.#unfinished.release()
    this.#socket.end(HALF_ANSWER)
    this.#closer = setTimeout(() => this.#socket.destroy(), REFUSED_GRACE)
    this.#closer.unref()
  }

  /** Adds to a message that began in an earlier read. @returns where the rest of the chunk begins. */
  #continueUnfinished(chunk: Buffer): number {
    const before = this.#unfinished.length
    this.#unfinished.push(chunk)
    const end = this.#scanner.scan(this.#unfinished.bytes)
    if (end === undefined) return chunk.length
    this.#reader.reset(this.#unfinished.bytes, 0, end)
    const request = readRequest(this.#reader)
    this.#unfinished.drop(this.#unfinished.length)
    this.#scanner.reset()
    this.#sink.request(this, request)
    return end - before
  }

  #readFrom(chunk: Buffer, from: number): void {
    let start = from
    while (start < chunk.length) {
      this.#reader.reset(chunk, start, chunk.length)
      let request: RpcRequest
      try {
        request = readRequest(this.#reader)
      } catch (error) {
        if (error !== INCOMPLETE) throw error
        this.#unfinished.push(chunk.subarray(start))
        this.#scanner.scan(this.#unfinished.bytes)
        return
      }
      start = this.#reader.position
      this.#sink.request(this, request)
    }
  }
}
