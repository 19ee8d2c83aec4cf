import { KongTable, hasHiddenContent } from '../wire/lua-table.js'
import { decodeText } from '../wire/text-codec.js'
import type { FieldReader } from './field-reader.js'
import type { ListMessage, MemberMessage, TableMessage, ValueMessage } from './message-definitions.js'

/** Refuses an argument, by the name Kong gives it. `rule` says what it must be: `must be …`. */
export type Refuse = (argument: string, rule: string) => never

/** Protobuf decoders stop at about 100 messages inside each other, and a table in a table takes three. */
const MAX_DEPTH = 24
const SENDABLE = 'must be strings, numbers, booleans, bytes as Uint8Array, arrays and objects of these'
/** Kong turns a protobuf null from a plugin server into this text. */
const NULL_AS_TEXT = 'NULL_VALUE'
const TRUE: ValueMessage = Object.freeze({ flag: true })
const NIL: ValueMessage = Object.freeze({})

/**
 * Makes the message of a value for Kong. Members that are `undefined` or `null` are left out, because Kong turns protobuf's null into a text.
 * In arrays they become values without a kind, which Kong reads as nil.
 */
export function wrapValue(value: unknown, argument: string, refuse: Refuse, depth = 0): ValueMessage {
  switch (typeof value) {
    case 'string':
      return { text: value }
    case 'number':
      return { number: value }
    case 'bigint':
      return { number: Number(value) }
    case 'boolean':
      return value ? TRUE : refuse(argument, 'must hold no false over ProtoBuf:1, where Kong reads it as nil: use 0, text or MsgPack:1')
    case 'undefined':
      return NIL
    case 'object':
      return value === null ? NIL : wrapObject(value, argument, refuse, depth)
    default:
      return refuse(argument, SENDABLE)
  }
}

function wrapObject(value: object, argument: string, refuse: Refuse, depth: number): ValueMessage {
  if (depth >= MAX_DEPTH) return refuse(argument, `must not contain itself, nor go deeper than ${MAX_DEPTH} tables`)
  if (value instanceof Uint8Array) return { text: bytesAsText(value) }
  if (value instanceof Date) return { text: value.toISOString() }
  if (Array.isArray(value) || value instanceof Set) return { list: wrapList(value, argument, refuse, depth + 1) }
  if (hasHiddenContent(value)) return refuse(argument, SENDABLE)
  return { table: wrapTable(value, argument, refuse, depth + 1) }
}

export function wrapList(values: Iterable<unknown>, argument: string, refuse: Refuse, depth = 0): ListMessage {
  return { items: Array.from(values, (value) => wrapValue(value, argument, refuse, depth)) }
}

export function wrapTable(table: object, argument: string, refuse: Refuse, depth = 0): TableMessage {
  const members: MemberMessage[] = []
  for (const [key, value] of table instanceof Map ? table : Object.entries(table)) {
    if (value !== undefined && value !== null) members.push({ key: String(key), value: wrapValue(value, argument, refuse, depth) })
  }
  return { members }
}

/** Bytes as text for the way through a message: what is not UTF-8 is escaped, and written as the bytes it was. */
export function bytesAsText(bytes: Uint8Array): string {
  return decodeText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length)
}

/** Reads a value of Kong's. Nil is `undefined`, and tables have no prototype. */
export function unwrapValue({ text, number, flag, table, list }: ValueMessage): unknown {
  if (text !== undefined) return text === NULL_AS_TEXT ? undefined : text
  if (number !== undefined) return number
  if (flag !== undefined) return flag
  if (table !== undefined) return unwrapTable(table.members ?? [])
  return list === undefined ? undefined : (list.items ?? []).map(unwrapValue)
}

function unwrapTable(members: readonly MemberMessage[]): KongTable {
  const table = new KongTable()
  for (const { key, value } of members) {
    const member = value === undefined ? undefined : unwrapValue(value)
    if (member !== undefined) table[key] = member
  }
  return table
}

/** Tags of the fields of Table, Member, Value and List: the field number, and how the field is written. */
const MEMBER = 0x0a
const KEY = 0x0a
const VALUE = 0x12
const NUMBER = 0x11
const TEXT = 0x1a
const FLAG = 0x20
const LIST = 0x32
const ITEM = 0x0a

/**
 * Reads headers or query arguments in the form in which MsgPack:1 brings them: every value is an array, and a bare query argument an empty one.
 * Their text is the client's, so `NULL_VALUE` has no special meaning.
 *
 * Reads the Table without making objects of its messages: they would cost more than the rest of an event that reads headers.
 */
export function readMultiMap(reader: FieldReader): KongTable {
  const map = new KongTable()
  const { end } = reader
  while (reader.position < end) {
    const tag = reader.tag()
    if (tag === MEMBER) readMember(reader, map)
    else reader.skip(tag)
  }
  return map
}

function readMember(reader: FieldReader, map: KongTable): void {
  const end = reader.endOfField()
  let key = ''
  let values: unknown[] = []
  while (reader.position < end) {
    const tag = reader.tag()
    if (tag === KEY) key = reader.key()
    else if (tag === VALUE) values = readValues(reader)
    else reader.skip(tag)
  }
  map[key] = values
}

function readValues(reader: FieldReader): unknown[] {
  const end = reader.endOfField()
  let values: unknown[] = []
  while (reader.position < end) {
    const tag = reader.tag()
    if (tag === TEXT) values = [reader.string()]
    else if (tag === LIST) values = readItems(reader)
    else if (tag === NUMBER) values = [reader.double()]
    else reader.skip(tag)
  }
  return values
}

function readItems(reader: FieldReader): unknown[] {
  const end = reader.endOfField()
  const items: unknown[] = []
  while (reader.position < end) {
    const tag = reader.tag()
    if (tag === ITEM) items.push(readItem(reader))
    else reader.skip(tag)
  }
  return items
}

function readItem(reader: FieldReader): unknown {
  const end = reader.endOfField()
  let item: unknown
  while (reader.position < end) {
    const tag = reader.tag()
    if (tag === TEXT) item = reader.string()
    else if (tag === FLAG) item = reader.bool()
    else if (tag === NUMBER) item = reader.double()
    else reader.skip(tag)
  }
  return item
}
