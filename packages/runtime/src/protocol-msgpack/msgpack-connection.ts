import type { Socket } from 'node:net'
import { ByteQueue } from '../protocol/byte-queue.js'
import type { ProtocolLimits } from '../protocol/limits.js'
import { ProtocolError } from '../protocol/protocol-error.js'
import { INCOMPLETE, type MessageReader } from './message-reader.js'
import { MessageScanner } from './message-scanner.js'
import type { MessageWriter } from './message-writer.js'
import { readRequest, type RpcRequest } from './rpc-request.js'

/** Takes the requests of one connection. */
export interface RequestSink {
  request(connection: MsgpackConnection, request: RpcRequest): void
  /** Bytes that are no message came: the connection is closed. */
  malformed(error: ProtocolError): void
}

/** An event whose next message Kong awaits on a connection. */
export interface WaitingEvent {
  connectionLost(): void
}

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

  constructor(socket: Socket, sink: RequestSink, reader: MessageReader, writer: MessageWriter, limits: ProtocolLimits) {
    this.#socket = socket
    this.#sink = sink
    this.#reader = reader
    this.#writer = writer
    this.#unfinished = new ByteQueue(limits.maxMessageBytes)
    this.#scanner = new MessageScanner(limits)
  }

  /** Takes bytes as they come; they may be overwritten afterwards. */
  receive(chunk: Buffer): void {
    try {
      let start = 0
      if (this.#unfinished.length > 0) start = this.#continueUnfinished(chunk)
      if (start < chunk.length) this.#readFrom(chunk, start)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#sink.malformed(error)
      this.#socket.destroy()
    }
  }

  closed(): void {
    for (const event of this.waitingEvents) event.connectionLost()
    this.waitingEvents.clear()
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
    if (!this.#socket.destroyed) this.#socket.write(this.#writer.bytes)
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
