import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import {
  AUTHENTICATE_ARGS,
  BOOL,
  BYTE_STRING,
  CONSUMER_SPEC,
  EMPTY,
  EXIT_ARGS,
  INT,
  KV,
  LIST_VALUE,
  NUMBER,
  STRING,
  STRUCT,
  TARGET,
  VALUE,
} from './pdk-messages.js'
import type { ProtoMessage } from './proto-message.js'

const BOXES = new Set<ProtoMessage>([BOOL, INT, NUMBER, STRING, BYTE_STRING])

/** The arguments of a PDK function, from their message. */
export function unwrapArguments(type: ProtoMessage, message: LuaTable): readonly LuaValue[] {
  if (BOXES.has(type)) return [message.get('v')]
  switch (type) {
    case EMPTY:
      return []
    case VALUE:
      return [unwrapValue(message)]
    case LIST_VALUE:
      return unwrapList(message)
    case STRUCT:
      return [unwrapStruct(message)]
    case KV:
      return [message.get('k'), unwrapValue(message.get('v'))]
    case TARGET:
      return [message.get('host'), message.get('port')]
    case EXIT_ARGS:
      return [message.get('status'), message.get('body'), unwrapStruct(message.get('headers'))]
    case CONSUMER_SPEC:
      return [message.get('id'), message.get('by_username')]
    case AUTHENTICATE_ARGS:
      return [message.get('consumer'), message.get('credential')]
    default:
      return [message]
  }
}

/** The message of a PDK function's result; undefined for an empty reply. */
export function wrapResult(type: ProtoMessage, value: LuaValue): LuaTable | undefined {
  if (type === EMPTY) return undefined
  if (BOXES.has(type)) return LuaTable.record([['v', value]])
  if (type === VALUE) return wrapValue(value)
  if (!(value instanceof LuaTable)) return undefined
  if (type === LIST_VALUE) return wrapList(value)
  return type === STRUCT ? wrapStruct(value) : value
}

/**
 * A Lua value as a `Value` message. A table with an item 1 becomes a list, any other table a struct. nil becomes the number 1, which the
 * enumeration NullValue does not have.
 */
export function wrapValue(value: LuaValue): LuaTable {
  if (value === undefined || value === null) return LuaTable.record([['null_value', value === undefined ? 1 : undefined]])
  if (typeof value === 'boolean') return LuaTable.record([['bool_value', value]])
  if (typeof value === 'number') return LuaTable.record([['number_value', value]])
  if (!(value instanceof LuaTable)) return LuaTable.record([['string_value', value]])
  return LuaTable.record([value.get(1) === undefined ? ['struct_value', wrapStruct(value)] : ['list_value', wrapList(value)]])
}

/** A table as a `ListValue` message. */
function wrapList(table: LuaTable): LuaTable {
  return LuaTable.record([['values', LuaTable.list([...table.items()].map(wrapValue))]])
}

/** A table as a `Struct` message. */
function wrapStruct(table: LuaTable): LuaTable {
  const fields = new LuaTable()
  for (const [key, value] of table) fields.set(key, wrapValue(value))
  return LuaTable.record([['fields', fields]])
}

/** The Lua value of a `Value` message. false and a missing value become nil, null becomes a string. */
export function unwrapValue(value: LuaValue): LuaValue {
  if (!(value instanceof LuaTable)) return value
  const list = value.get('list_value')
  if (list !== undefined) return LuaTable.list(unwrapList(list))
  const struct = value.get('struct_value')
  if (struct !== undefined) return unwrapStruct(struct)
  const plain = ['bool_value', 'string_value', 'number_value', 'null_value'].map((name) => value.get(name))
  return plain.find((each) => each !== undefined && each !== false)
}

/** The items of a `ListValue` message. nil items keep their places. */
function unwrapList(list: LuaValue): LuaValue[] {
  const values = list instanceof LuaTable ? list.get('values') : undefined
  return values instanceof LuaTable ? [...values.items()].map(unwrapValue) : []
}

/** The table of a `Struct` message; nil for no message. */
export function unwrapStruct(struct: LuaValue): LuaValue {
  if (!(struct instanceof LuaTable)) return struct
  const table = new LuaTable()
  const fields = struct.get('fields')
  if (fields instanceof LuaTable) for (const [key, value] of fields) table.set(key, unwrapValue(value))
  return table
}
