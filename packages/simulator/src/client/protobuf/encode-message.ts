import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { KongRaise } from '../protocol/plugin-server-client.js'
import type { ProtoField, ProtoMessage, ProtoScalar } from './proto-message.js'

const WIRE_TYPES: Readonly<Record<ProtoScalar, number>> = { string: 2, bytes: 2, double: 1, bool: 0, int32: 0, int64: 0, enum: 0 }

/**
 * Writes a message as Kong's Lua library does. Drops members that the type does not have, and nil. Writes zero and empty values only within
 * a oneof or a list, but false always.
 * @throws KongRaise for a member of the wrong type, as Kong raises then.
 */
export function encodeMessage(type: ProtoMessage, table: LuaTable): Buffer {
  return Buffer.concat(type.fields().flatMap((field) => encodeField(field, table.get(field.name))))
}

function encodeField(field: ProtoField, value: LuaValue): Buffer[] {
  if (value === undefined) return []
  if (field.label === 'repeated') return items(field, value).flatMap((item) => encodeSingle(field, item))
  if (field.label === 'map') return members(field, value).map(([key, member]) => encodeMapEntry(field, key, member))
  return field.label === 'single' && isLeftOut(value) ? [] : encodeSingle(field, value)
}

function isLeftOut(value: LuaValue): boolean {
  return value === 0 || value === '' || (value instanceof Uint8Array && value.length === 0)
}

function encodeMapEntry(field: ProtoField, key: string, value: LuaValue): Buffer {
  const isEmpty = isLeftOut(value) || (typeof field.type !== 'string' && value instanceof LuaTable && value.size === 0)
  const entry = Buffer.concat([
    ...(key === '' ? [] : encodeSingle({ ...field, number: 1, type: 'string' }, key)),
    ...(isEmpty ? [] : encodeSingle({ ...field, number: 2 }, value)),
  ])
  return Buffer.concat([tag(field.number, 2), varint(BigInt(entry.length)), entry])
}

function encodeSingle(field: ProtoField, value: LuaValue): Buffer[] {
  const { type } = field
  if (typeof type !== 'string') {
    if (!(value instanceof LuaTable)) throw mismatch(field, 'table', value)
    const bytes = encodeMessage(type, value)
    return [tag(field.number, 2), varint(BigInt(bytes.length)), bytes]
  }
  return [tag(field.number, WIRE_TYPES[type]), encodeScalar(field, type, value)]
}

function encodeScalar(field: ProtoField, type: ProtoScalar, value: LuaValue): Buffer {
  if (type === 'string' || type === 'bytes') {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) throw mismatch(field, 'string', value)
    const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value)
    return Buffer.concat([varint(BigInt(bytes.length)), bytes])
  }
  if (type === 'bool') return varint(value === false ? 0n : 1n)
  // The protocol has one enumeration, NullValue, which has one name.
  if (type === 'enum' && value === 'NULL_VALUE') return varint(0n)
  if (typeof value !== 'number') throw mismatch(field, 'number', value)
  if (type !== 'double') return varint(BigInt.asUintN(64, BigInt(Math.trunc(value))))
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

function items(field: ProtoField, value: LuaValue): LuaValue[] {
  if (!(value instanceof LuaTable)) throw mismatch(field, 'table', value)
  return [...value.items()]
}

function members(field: ProtoField, value: LuaValue): [string, LuaValue][] {
  if (!(value instanceof LuaTable)) throw mismatch(field, 'table', value)
  return [...value].map(([key, member]) => {
    if (typeof key !== 'string' && typeof key !== 'number') throw mismatch(field, 'string', key)
    return [String(key), member]
  })
}

function mismatch(field: ProtoField, expected: string, value: LuaValue): KongRaise {
  return new KongRaise(`${expected} expected for field '${field.name}', got ${value instanceof LuaTable ? 'table' : typeof value}`)
}

function tag(number: number, wireType: number): Buffer {
  return varint(BigInt(number * 8 + wireType))
}

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}
