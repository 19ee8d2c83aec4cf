import { ProtocolError } from '../errors/server-errors.js'
import { FieldReader, type Int64 } from './field-reader.js'
import type { FrameWriter } from './frame-writer.js'
import { MESSAGE_FIELDS, type FieldRow, type MessageName, type Messages } from './message-definitions.js'

/** Protobuf's usual bound on messages inside each other. */
const MAX_DEPTH = 100

type Message = Record<string, unknown>

/** The messages of a single value. */
export type OneFieldMessage = 'Flag' | 'Whole' | 'Real' | 'Text' | 'Bytes'

interface Field {
  readonly name: string
  /** The field's number and how it is written. */
  readonly tag: number
  readonly kind: FieldRow['kind']
  /** The message in the field. */
  readonly type: MessageType | undefined
  readonly isRepeated: boolean
  readonly isOneOf: boolean
  /** The value of an implicit field that was not sent, and which is not sent. */
  readonly zero: unknown
}

/** A row of `MESSAGE_FIELDS`, ready to be read and written. */
class MessageType {
  readonly fields: Field[] = []
  /** Fields by their numbers. */
  readonly byNumber: (Field | undefined)[] = []
  /** Fields that are present in a message even when they were not sent. */
  readonly implicit: Field[] = []
}

/** Protobuf messages to bytes and back, for every message of plugin-server.proto. */
export class MessageCodec {
  readonly #types = messageTypes()
  readonly #reader = new FieldReader()

  /** @throws ProtocolError when the bytes are not such a message. */
  decode<Name extends MessageName>(name: Name, bytes: Buffer): Messages[Name] {
    try {
      // The types are generated from the same rows as the fields.
      return readMessage(this.#reader.begin(bytes), this.#types[name], bytes.length, 0) as unknown as Messages[Name]
    } catch (cause) {
      throw notMessage(name, cause)
    }
  }

  /**
   * Reads a message that has one field, without making an object of it.
   *
   * @returns `undefined` when the field was not sent.
   * @throws ProtocolError when the bytes are not such a message.
   */
  decodeOnlyField<Name extends OneFieldMessage>(name: Name, bytes: Buffer): Messages[Name]['v'] {
    try {
      return readOnlyField(this.#reader.begin(bytes), this.#types[name]) as Messages[Name]['v']
    } catch (cause) {
      throw notMessage(name, cause)
    }
  }

  /**
   * Reads a message in another way, without making an object of it.
   *
   * @param name used in the error.
   * @throws ProtocolError when `read` throws: the bytes are not such a message.
   */
  read<Result>(name: MessageName, bytes: Buffer, read: (reader: FieldReader) => Result): Result {
    try {
      return read(this.#reader.begin(bytes))
    } catch (cause) {
      throw notMessage(name, cause)
    }
  }

  encode<Name extends MessageName>(name: Name, message: Messages[Name], writer: FrameWriter): void {
    writeMessage(writer, this.#types[name], message as Message)
  }
}

function notMessage(name: MessageName, cause: unknown): ProtocolError {
  return new ProtocolError(`bytes that are not a message ${name} (${cause instanceof Error ? cause.message : String(cause)})`)
}

function messageTypes(): Record<MessageName, MessageType> {
  const names = Object.keys(MESSAGE_FIELDS) as MessageName[]
  const types = Object.fromEntries(names.map((name) => [name, new MessageType()])) as Record<MessageName, MessageType>
  for (const name of names) {
    const type = types[name]
    for (const row of MESSAGE_FIELDS[name]) {
      const field: Field = {
        name: row.name,
        tag: (row.number << 3) | WIRE_TYPES[row.kind],
        kind: row.kind,
        type: row.message === undefined ? undefined : types[row.message],
        isRepeated: row.presence === 'repeated',
        isOneOf: row.presence === 'oneof',
        zero: row.presence === 'implicit' ? ZERO_VALUES[row.kind] : undefined,
      }
      type.fields.push(field)
      type.byNumber[row.number] = field
      if (row.presence === 'implicit') type.implicit.push(field)
    }
  }
  return types
}

/** How the kinds are written: 0 as a varint, 1 in eight bytes, 2 behind a length. */
const WIRE_TYPES: Readonly<Record<FieldRow['kind'], 0 | 1 | 2>> = {
  bool: 0,
  int32: 0,
  int64: 0,
  double: 1,
  string: 2,
  bytes: 2,
  message: 2,
}

const ZERO_VALUES: Readonly<Record<FieldRow['kind'], unknown>> = {
  bool: false,
  int32: 0,
  int64: 0,
  double: 0,
  string: '',
  bytes: new Uint8Array(0),
  message: undefined,
}

function readMessage(reader: FieldReader, type: MessageType, end: number, depth: number): Message {
  if (depth > MAX_DEPTH) throw new RangeError(`messages more than ${MAX_DEPTH} deep`)
  const { byNumber, implicit } = type
  const message: Message = {}
  for (let index = 0; index < implicit.length; index++) {
    const field = implicit[index] as Field
    message[field.name] = field.zero
  }
  let chosen: Field | undefined
  while (reader.position < end) {
    const tag = reader.tag()
    const field = byNumber[tag >>> 3]
    if (field === undefined || field.tag !== tag) {
      reader.skip(tag)
      continue
    }
    const value = readField(reader, field, depth)
    if (field.isRepeated) {
      const values = message[field.name] as unknown[] | undefined
      if (values === undefined) message[field.name] = [value]
      else values.push(value)
      continue
    }
    if (field.isOneOf) {
      // Of the members of a oneof the last one counts.
      if (chosen !== undefined && chosen !== field) delete message[chosen.name]
      chosen = field
    }
    message[field.name] = value
  }
  if (reader.position !== end) throw new RangeError('a field that goes beyond its message')
  return message
}

function readOnlyField(reader: FieldReader, type: MessageType): unknown {
  const field = type.fields[0] as Field
  let value: unknown
  while (reader.position < reader.end) {
    const tag = reader.tag()
    if (tag === field.tag) value = readField(reader, field, 0)
    else reader.skip(tag)
  }
  return value
}

function readField(reader: FieldReader, { kind, type }: Field, depth: number): unknown {
  switch (kind) {
    case 'message':
      return type === undefined ? undefined : readMessage(reader, type, reader.endOfField(), depth + 1)
    case 'string':
      return reader.string()
    case 'bytes':
      return reader.bytes()
    case 'int32':
      return reader.int32()
    case 'int64':
      return reader.int64()
    case 'bool':
      return reader.bool()
    case 'double':
      return reader.double()
  }
}

function writeMessage(writer: FrameWriter, type: MessageType, message: Message): void {
  const { fields } = type
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as Field
    const value = message[field.name]
    if (value === undefined || (field.zero !== undefined && isZero(field, value))) continue
    if (field.isRepeated) writeItems(writer, field, value as readonly unknown[])
    else writeField(writer, field, value)
  }
}

function writeItems(writer: FrameWriter, field: Field, items: readonly unknown[]): void {
  for (let index = 0; index < items.length; index++) writeField(writer, field, items[index])
}

function isZero({ kind, zero }: Field, value: unknown): boolean {
  return value === zero || (kind === 'bytes' && (value as Uint8Array).length === 0)
}

function writeField(writer: FrameWriter, { tag, kind, type }: Field, value: unknown): void {
  writer.uint32(tag)
  switch (kind) {
    case 'message':
      if (type !== undefined) {
        const start = writer.openMessage()
        writeMessage(writer, type, value as Message)
        writer.closeMessage(start)
      }
      break
    case 'string':
      writer.string(value as string)
      break
    case 'bytes':
      writer.bytes(value as Uint8Array)
      break
    case 'int32':
      writer.int32(value as number)
      break
    case 'int64':
      writer.int64(value as Int64)
      break
    case 'bool':
      writer.bool(value as boolean)
      break
    case 'double':
      writer.double(value as number)
      break
  }
}
