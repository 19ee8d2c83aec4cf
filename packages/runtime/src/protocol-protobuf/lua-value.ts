import { hasHiddenContent } from '../protocol/hidden-content.js'
import { KongTable } from '../protocol/kong-table.js'
import { decodeText } from '../protocol/text-decoder.js'
import type { ListMessage, MemberMessage, TableMessage, ValueMessage } from './messages.js'

/** Refuses an argument, by the name Kong gives it: tells why it cannot be sent, worded as a remedy, `must be …`. */
export type Refuse = (argument: string, rule: string) => never

/** Deeper ones the library refuses to encode, as it does those that contain themselves. */
const MAX_DEPTH = 24
const SENDABLE = 'must be strings, numbers, booleans, bytes as Uint8Array, arrays and objects of these'
/** What Kong makes of a null that a plugin server sent it: a text. */
const NULL_AS_TEXT = 'NULL_VALUE'

/**
 * A value for Kong. Members that are `undefined` or `null` are left out, since Kong turns protobuf's null into a text; in arrays they are
 * values without a kind, which are nil to Kong.
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

const TRUE: ValueMessage = Object.freeze({ flag: true })
const NIL: ValueMessage = Object.freeze({})

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

/** Lua strings are bytes, and bytes can be text for their way: whatever is not UTF-8 is escaped, and sent as it was. */
export function bytesAsText(bytes: Uint8Array): string {
  return decodeText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length)
}

/** A value of Kong's: nil is `undefined`, tables have no prototype. */
export function unwrapValue(message: ValueMessage | null | undefined): unknown {
  switch (message?.kind) {
    case 'text':
      return message.text === NULL_AS_TEXT ? undefined : message.text
    case 'number':
      return message.number
    case 'flag':
      return message.flag
    case 'table':
      return unwrapTable(message.table?.members ?? [])
    case 'list':
      return (message.list?.items ?? []).map((item) => unwrapValue(item))
    default:
      return undefined
  }
}

function unwrapTable(members: readonly MemberMessage[]): KongTable {
  const table = new KongTable()
  for (const { key, value } of members) {
    const member = unwrapValue(value)
    if (member !== undefined) table[key] = member
  }
  return table
}
