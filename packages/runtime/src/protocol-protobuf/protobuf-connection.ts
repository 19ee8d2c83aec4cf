import type { Socket } from 'node:net'
import { failureAnswer } from '@kong-ts/core/server'
import { ProtocolError } from '../errors/server-errors.js'
import type { ConnectionHandler } from '../protocol/server-protocol.js'
import type { BufferBudget } from '../wire/byte-queue.js'
import type { ProtocolLimits } from '../wire/limits.js'
import { MOST_UNREAD_BYTES, sendShared } from '../wire/send-shared.js'
import type { FieldReader, Int64 } from './field-reader.js'
import { FrameReader } from './frame-reader.js'
import type { FrameWriter } from './frame-writer.js'
import type { MessageCodec } from './message-codec.js'
import type { CommandMessage } from './message-definitions.js'
import type { PdkCodec, ReadResult } from './pdk-codec.js'

/** Kong's command to handle an event. */
export interface EventCommand {
  readonly sequence: Int64
  readonly instanceId: number
  readonly eventName: string
}

/** What all connections of a server share. */
export interface ConnectionTools {
  readonly messages: MessageCodec
  readonly codec: PdkCodec
  readonly writer: FrameWriter
  readonly limits: ProtocolLimits
  readonly budget: BufferBudget
  handleEvent(connection: ProtobufConnection, command: EventCommand): void
  /** Any other command. */
  command(connection: ProtobufConnection, command: CommandMessage): void
  /** Called when bytes are not a command, or a command could not be handled. The connection is then closed. */
  refused(error: unknown): void
}

/** Makes calls on a connection, and takes their answers. */
export interface ReplyTaker {
  reply(frame: Buffer): void
  /** The answer came, but breaks a limit. */
  refuseReply(error: ProtocolError): void
  connectionLost(): void
}

/**
 * One connection of Kong's. It carries one thing at a time: a command and its return, or an event with its calls and their answers. Frames
 * that come early wait.
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

  /** Makes Kong start the plugin's instance anew and repeat the event: that is how it reads the end of a connection. */
  close(): void {
    this.#socket.destroy()
  }

  /** @throws PdkProtocolError, PdkArgumentError when the protocol cannot carry the call. Nothing is sent then. */
  sendCall(method: string, args: readonly unknown[]): ReadResult {
    const writer = this.#begin()
    const readResult = this.#tools.codec.writeCall(writer, method, args)
    this.#send()
    return readResult
  }

  /** Gives the connection to an event until the event ends. */
  beginEvent(event: ReplyTaker): void {
    this.#event = event
  }

  expectReply(): void {
    this.#expect('reply')
  }

  /** Reads no more, because the request is over and Kong closes the connection. */
  expectNothing(): void {
    this.#event = undefined
    this.#expects = 'nothing'
  }

  /** Ends the request with 500 when no handler can. */
  failRequest(): void {
    this.sendCall('kong.response.exit', failureAnswer(500))
    this.expectNothing()
  }

  /** Tells Kong that the phase is over: an empty name of a call, then a Done. Written without making a message, because every event ends with it. */
  endEvent(sequence: Int64): void {
    const writer = this.#begin()
    writer.closeFrame(writer.openFrame())
    const frame = writer.openFrame()
    if (sequence !== 0) {
      writer.uint32(SEQUENCE)
      writer.int64(sequence)
    }
    writer.closeFrame(frame)
    this.#sendReturn()
  }

  returnInstance(sequence: Int64, name: string, id: number): void {
    const writer = this.#begin()
    const frame = writer.openFrame()
    const instance = { name, instance_id: id, started_at: Math.floor(Date.now() / 1000) }
    this.#tools.messages.encode('Done', { sequence, instance }, writer)
    writer.closeFrame(frame)
    this.#sendReturn()
  }

  #sendReturn(): void {
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
    const { messages } = this.#tools
    const event = messages.read('Command', frame, readEventCommand)
    if (event === undefined) this.#tools.command(this, messages.decode('Command', frame))
    else this.#tools.handleEvent(this, event)
  }
}

/** Tags of the fields of Command, HandleEvent and Done: the field number, and how the field is written. */
const SEQUENCE = 0x08
const HANDLE_EVENT = 0x122
const INSTANCE_ID = 0x08
const EVENT_NAME = 0x12

/**
 * Reads a Command without making objects of its messages: nearly everything that Kong sends is an event.
 *
 * @returns `undefined` for any other command.
 */
export function readEventCommand(reader: FieldReader): EventCommand | undefined {
  let sequence: Int64 = 0
  let instanceId: number | undefined
  let eventName = ''
  while (reader.position < reader.end) {
    const tag = reader.tag()
    if (tag === SEQUENCE) sequence = reader.int64()
    else if (tag === HANDLE_EVENT) {
      const end = reader.endOfField()
      instanceId = 0
      while (reader.position < end) {
        const inner = reader.tag()
        if (inner === INSTANCE_ID) instanceId = reader.int32()
        else if (inner === EVENT_NAME) eventName = reader.key()
        else reader.skip(inner)
      }
    } else return undefined
  }
  return instanceId === undefined ? undefined : { sequence, instanceId, eventName }
}
