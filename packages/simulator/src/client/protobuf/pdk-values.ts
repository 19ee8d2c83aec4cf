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
import { unwrapList, unwrapStruct, unwrapValue, wrapList, wrapStruct, wrapValue } from './struct-values.js'

const BOXES = new Set<ProtoMessage>([BOOL, INT, NUMBER, STRING, BYTE_STRING])

/** The arguments a PDK function gets from an argument message. */
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

/** The result message of what a PDK function returned; undefined for an empty reply. */
export function wrapResult(type: ProtoMessage, value: LuaValue): LuaTable | undefined {
  if (type === EMPTY) return undefined
  if (BOXES.has(type)) return LuaTable.record([['v', value]])
  if (type === VALUE) return wrapValue(value)
  if (!(value instanceof LuaTable)) return undefined
  if (type === LIST_VALUE) return wrapList(value)
  return type === STRUCT ? wrapStruct(value) : value
}
