import { luaNumberText, formatNumber, luaToNumber } from './lua-number.js'
import { LuaTable, type LuaValue, luaType, type LuaKey } from './lua-table.js'
import { LuaError } from './lua-error.js'

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

/** `%d` of a number: LuaJIT cuts the fraction off, and what does not fit 64 bits becomes the smallest integer. */
export function formatInteger(value: LuaValue): string {
  const number = typeof value === 'string' ? luaToNumber(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) {
    throw new LuaError(`bad argument #1 to 'format' (number expected, got ${luaType(value)})`)
  }
  const cut = Math.trunc(number)
  return Math.abs(cut) < 2 ** 63 ? BigInt(cut).toString() : '-9223372036854775808'
}

/**
 * Lua's `template:format(text)` with one string argument, for error texts that a schema brings itself.
 *
 * @throws LuaError for directives that Lua does not know and for a second one, which has no argument.
 */
export function formatWithOneArgument(template: string, text: string): string {
  let used = 0
  const take = (): string => {
    used++
    if (used > 1) throw new LuaError(`bad argument #${used} to 'format' (no value)`)
    return text
  }
  return template.replaceAll(
    /%(?:%|([-+ #0]*)(\d{0,2})(?:\.(\d{0,2}))?([\s\S]?))/g,
    (whole, flags: string, width: string, precision: string | undefined, kind: string) => {
      if (whole === '%%') return '%'
      if (kind === 's') return pad(precision === undefined ? take() : take().slice(0, Number(precision)), flags, width)
      if (kind === 'q') return `"${take().replaceAll(/["\\\n]/g, '\\$&')}"`
      if (kind === 'd' || kind === 'i' || kind === 'u') return pad(formatInteger(take()), flags, width)
      if (kind !== '' && 'cxXoeEfgGaA'.includes(kind)) {
        const number = luaToNumber(take())
        if (number === undefined) throw new LuaError("bad argument #1 to 'format' (number expected, got string)")
        return pad(formatNumber(number, 6), flags, width)
      }
      throw new LuaError(`invalid option '${whole}' to 'format'`)
    },
  )
}

function pad(text: string, flags: string, width: string): string {
  return flags.includes('-') ? text.padEnd(Number(width)) : text.padStart(Number(width))
}

/** A value as the Lua library `inspect` prints it: texts in quotes; of a table first the list part, then the other keys in order. */
export function inspectValue(value: LuaValue): string {
  return render(value, 0)
}

function render(value: LuaValue, depth: number): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return luaNumberText(value)
  if (!(value instanceof LuaTable)) return luaToString(value)
  const items = [...value.items()]
  const others = [...value].filter(([key]) => !(typeof key === 'number' && Number.isInteger(key) && key >= 1 && key <= items.length))
  if (items.length === 0 && others.length === 0) return '{}'
  const indent = '  '.repeat(depth + 1)
  const list = items.map((item) => ` ${render(item, depth + 1)}`)
  const rest = others
    .sort(([left], [right]) => compareKeys(left, right))
    .map(([key, item]) => `\n${indent}${keyText(key)} = ${render(item, depth + 1)}`)
  const end = others.length > 0 ? `\n${'  '.repeat(depth)}}` : ' }'
  return `{${[...list, ...rest].join(',')}${end}`
}

function keyText(key: LuaKey): string {
  return typeof key === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : `[${render(key, 0)}]`
}

function compareKeys(left: LuaKey, right: LuaKey): number {
  if (typeof left === typeof right && (typeof left === 'string' || typeof left === 'number')) return left < right ? -1 : 1
  const rank = (key: LuaKey): number => ['number', 'boolean', 'string'].indexOf(typeof key)
  return rank(left) - rank(right)
}

function quote(text: string): string {
  const escaped = text.replace(/\\/g, '\\\\').replace(/[\x00-\x1f\x7f]/g, (char) => CONTROL[char] ?? `\\${char.charCodeAt(0)}`)
  return escaped.includes('"') && !escaped.includes("'") ? `'${escaped}'` : `"${escaped.replaceAll('"', '\\"')}"`
}

const CONTROL: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}
