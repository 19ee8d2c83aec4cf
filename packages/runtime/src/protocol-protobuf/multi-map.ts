import { KongTable } from '../protocol/kong-table.js'
import type { MessageReader } from './message-reader.js'

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
 * Headers or query arguments in the form in which MsgPack:1 brings them: every value an array, a bare query argument an empty one. Their
 * text is the client's, whatever it says.
 *
 * Reads a Table without making its messages: they cost more than all the rest of an event that looks at headers.
 */
export function readMultiMap(reader: MessageReader): KongTable {
  const map = new KongTable()
  const end = reader.len
  while (reader.pos < end) {
    const tag = reader.tag()
    if (tag === MEMBER) readMember(reader, map)
    else reader.skipField(tag)
  }
  return map
}

function readMember(reader: MessageReader, map: KongTable): void {
  const end = reader.endOfField()
  let key = ''
  let values: unknown[] = []
  while (reader.pos < end) {
    const tag = reader.tag()
    if (tag === KEY) key = reader.key()
    else if (tag === VALUE) values = readValues(reader)
    else reader.skipField(tag)
  }
  map[key] = values
}

function readValues(reader: MessageReader): unknown[] {
  const end = reader.endOfField()
  let values: unknown[] = []
  while (reader.pos < end) {
    const tag = reader.tag()
    if (tag === TEXT) values = [reader.string()]
    else if (tag === LIST) values = readItems(reader)
    else if (tag === NUMBER) values = [reader.double()]
    else reader.skipField(tag)
  }
  return values
}

function readItems(reader: MessageReader): unknown[] {
  const end = reader.endOfField()
  const items: unknown[] = []
  while (reader.pos < end) {
    const tag = reader.tag()
    if (tag === ITEM) items.push(readItem(reader))
    else reader.skipField(tag)
  }
  return items
}

function readItem(reader: MessageReader): unknown {
  const end = reader.endOfField()
  let item: unknown
  while (reader.pos < end) {
    const tag = reader.tag()
    if (tag === TEXT) item = reader.string()
    else if (tag === FLAG) item = reader.bool()
    else if (tag === NUMBER) item = reader.double()
    else reader.skipField(tag)
  }
  return item
}
