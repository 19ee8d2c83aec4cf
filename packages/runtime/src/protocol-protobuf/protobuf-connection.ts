import type { Socket } from 'node:net'
import { failureAnswer } from '@kong-ts/core/server'
import type { BufferBudget } from '../protocol/buffer-budget.js'
import type { ProtocolLimits } from '../protocol/limits.js'
import { ProtocolError } from '../protocol/protocol-error.js'
import { MOST_UNREAD_BYTES, sendShared } from '../protocol/send-shared.js'
import type { ConnectionHandler } from '../protocol/server-protocol.js'
import { readEventCommand, type EventCommand } from './event-command.js'
import { FrameReader } from './frame-reader.js'
import type { FrameWriter } from './frame-writer.js'
import type { MessageTypes } from './message-types.js'
import type { CommandMessage, Long, Messages } from './messages.js'
import type { PdkCodec, ReadResult } from './pdk-codec.js'

/** What all connections of a server share. */
export interface ConnectionTools {
  readonly types: MessageTypes
  readonly codec: PdkCodec
  readonly writer: FrameWriter
  readonly limits: ProtocolLimits
  readonly budget: BufferBudget
  handleEvent(connection: ProtobufConnection, command: EventCommand): void
  /** Any other command. */
  command(connection: ProtobufConnection, command: CommandMessage): void
  /** Bytes that are no command came, or handling one went wrong: the connection is closed. */
  refused(error: unknown): void
}

/** Takes the answers to the calls it makes. */
export interface ReplyTaker {
  reply(frame: Buffer): void
  /** The answer came, but breaks a limit. */
  refuseReply(error: ProtocolError): void
  connectionLost(): void
}

/**
 * One connection of Kong's, which is used for one thing at a time: a command and its return, or an event with its calls and their
 * answers. Frames that come early wait.
 */
export class ProtobufConnection implements ConnectionHandler {
  readonly #socket: Socket
  readonly #tools: ConnectionTools
  readonly #frames: FrameReader
  #expects: 'command' | 'reply' | 'nothing' = 'command'
  #event: ReplyTaker | undefined
  #reading = false

  constructor(socket: Socket, tools: ConnectionTools) {
    this.#socket = socket
    this.#tools = tools
    this.#frames = new FrameReader(tools.limits.maxMessageBytes, tools.budget)
    socket.on('drain', () => socket.resume())
  }

  get maxMessageBytes(): number {
    return this.#tools.limits.maxMessageBytes
  }

  receive(buffer: Buffer, length: number): void {
    this.#read(buffer, length)
    if (this.#socket.writableLength > MOST_UNREAD_BYTES) this.#socket.pause()
  }

  closed(): void {
    this.#frames.release()
    const event = this.#event
    this.#event = undefined
    event?.connectionLost()
  }

  /** Kong reads the end of a connection as the loss of the plugin's instance: it starts another, and begins the event anew. */
  close(): void {
    this.#socket.destroy()
  }

  /** @throws PdkProtocolError, PdkArgumentError for a call that cannot be carried; then nothing is sent. */
  sendCall(method: string, args: readonly unknown[]): ReadResult {
    const writer = this.#begin()
    const readResult = this.#tools.codec.writeCall(writer, method, args)
    this.#send()
    return readResult
  }

  /** The connection is this event's until its end. */
  beginEvent(event: ReplyTaker): void {
    this.#event = event
  }

  expectReply(): void {
    this.#expect('reply')
  }

  /** The request is over: Kong closes the connection. */
  expectNothing(): void {
    this.#event = undefined
    this.#expects = 'nothing'
  }

  /** Ends the request with 500 where no handler can. */
  failRequest(): void {
    this.sendCall('kong.response.exit', failureAnswer(500))
    this.expectNothing()
  }

  /** Tells Kong that the phase is over: an empty name of a call, then the return. */
  endEvent(sequence: Long): void {
    const writer = this.#begin()
    writer.closeFrame(writer.openFrame())
    this.#return({ sequence })
  }

  returnInstance(sequence: Long, name: string, id: number): void {
    this.#begin()
    this.#return({ sequence, instance: { name, instance_id: id, started_at: Math.floor(Date.now() / 1000) } })
  }

  #return(done: Messages['Done']): void {
    const { types, writer } = this.#tools
    const frame = writer.openFrame()
    types.encode('Done', done, writer)
    writer.closeFrame(frame)
    this.#send()
    this.#event = undefined
    this.#expect('command')
  }

  #begin(): FrameWriter {
    this.#tools.writer.begin()
    return this.#tools.writer
  }

  #send(): void {
    const { writer } = this.#tools
    if (!this.#socket.destroyed) sendShared(this.#socket, writer.frames, writer)
  }

  #expect(what: 'command' | 'reply'): void {
    this.#expects = what
    if (!this.#reading && this.#frames.waiting) this.#read()
  }

  #read(buffer?: Buffer, length?: number): void {
    this.#reading = true
    try {
      this.#frames.open(buffer, length)
      while (this.#expects !== 'nothing') {
        const frame = this.#frames.next()
        if (frame === undefined) break
        this.#take(frame)
      }
      this.#frames.close()
    } catch (error) {
      this.#tools.refused(error)
      this.#socket.destroy()
    } finally {
      this.#reading = false
    }
  }

  #take(frame: Buffer | ProtocolError): void {
    const isReply = this.#expects === 'reply'
    this.#expects = 'nothing'
    if (frame instanceof ProtocolError) {
      if (!isReply) throw frame
      this.#event?.refuseReply(frame)
    } else if (isReply) this.#event?.reply(frame)
    else this.#command(frame)
  }

  #command(frame: Buffer): void {
    const { types } = this.#tools
    const event = types.read('Command', frame, readEventCommand)
    if (event === undefined) this.#tools.command(this, types.decode('Command', frame))
    else this.#tools.handleEvent(this, event)
  }
}
