import { parse, type Type } from 'protobufjs'
import { ProtocolError } from '../protocol/protocol-error.js'
import type { FrameWriter } from './frame-writer.js'
import { MESSAGE_DEFINITIONS } from './message-definitions.js'
import { MessageReader } from './message-reader.js'
import type { MessageName, Messages } from './messages.js'

/** Bytes to messages and back, for every message of `MESSAGE_DEFINITIONS`. */
export class MessageTypes {
  readonly #types = new Map<MessageName, Type>()
  readonly #root = parse(MESSAGE_DEFINITIONS, { keepCase: true }).root
  readonly #reader = new MessageReader()

  /** @throws ProtocolError when the bytes are no such message. */
  decode<Name extends MessageName>(name: Name, bytes: Buffer): Messages[Name] {
    // The definitions are what the interfaces say; a test compares them.
    return this.read(name, bytes, (reader) => this.#type(name).decode(reader)) as unknown as Messages[Name]
  }

  /**
   * Reads a message without making it.
   *
   * @throws ProtocolError when the bytes are no such message.
   */
  read<Result>(name: MessageName, bytes: Buffer, read: (reader: MessageReader) => Result): Result {
    try {
      return read(this.#reader.begin(bytes))
    } catch (cause) {
      throw new ProtocolError(`bytes that are no message ${name} (${cause instanceof Error ? cause.message : String(cause)})`)
    }
  }

  encode<Name extends MessageName>(name: Name, message: Messages[Name], writer: FrameWriter): void {
    this.#type(name).encode(message, writer)
  }

  #type(name: MessageName): Type {
    let type = this.#types.get(name)
    if (type === undefined) {
      type = this.#root.lookupType(`kong_ts.${name}`)
      this.#types.set(name, type)
    }
    return type
  }
}
