import { luaNumberText } from './lua-number.js'
import { LuaTable, type LuaValue } from './lua-value.js'

/** A stand-in for the address Lua prints of a table; the same for every table, so that results do not depend on chance. */
export const TABLE_ADDRESS = '0x7f0000000000'

/** Lua's `tostring`. */
export function luaToString(value: LuaValue): string {
  if (value === undefined) return 'nil'
  if (value === null) return 'userdata: NULL'
  if (typeof value === 'string') return value
  if (typeof value === 'number') return luaNumberText(value)
  if (typeof value === 'boolean') return String(value)
  if (value instanceof LuaTable) return `table: ${TABLE_ADDRESS}`
  return bytesToText(value)
}

/** Bytes to a byte string: one character each. */
export function bytesToText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** A byte string back to bytes. */
export function textToBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

/** A JavaScript string to the byte string of its UTF-8 form. */
export function utf8ToText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** ASCII lower case, as C's tolower in the C locale: bytes above 127 stay. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase())
}
