import { luaNumberText } from './lua-number.js'
import { LuaTable, type LuaValue } from './lua-table.js'

/** Stands for the address that Lua prints of a table. It is the same for every table, so that results do not depend on chance. */
const TABLE_ADDRESS = '0x7f0000000000'

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

/** Bytes as Lua text: one character each. */
export function bytesToText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The bytes of Lua text. */
export function textToBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

/** A JavaScript string as Lua text: one character for each byte of its UTF-8 form. */
export function toLuaText(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** Lua text as a JavaScript string. Bytes that are not UTF-8 become U+FFFD. */
export function fromLuaText(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'latin1').toString('utf8')
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}

/** Lower case of ASCII letters, as C's tolower in the C locale: bytes above 127 stay. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase())
}
