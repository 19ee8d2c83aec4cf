import { bytesToText, LuaTable, luaToString, luaType, type LuaValue, raise } from '@kong-ts/schema/lua'
import type { HeaderValues } from '../http/header-lines.js'

/** Returns a text argument. Raises the message for any other type. */
export function textArgument(value: LuaValue, message: string): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return bytesToText(value)
  return raise(message)
}

/** Returns a whole number within the range. Raises for any other value. */
export function integerArgument(value: LuaValue, name: string, lowest: number, highest: number): number {
  if (typeof value !== 'number' || Math.floor(value) !== value) return raise(`${name} must be an integer`)
  if (value < lowest || value > highest)
    return raise(`${name} must be an integer between ${lowest} and ${highest}: given ${luaToString(value)}`)
  return value
}

/** Returns a limit such as `max_args`; undefined for nil. Raises for a number outside 1..1000 and for other types. NaN passes, as in Lua. */
export function limitArgument(value: LuaValue, name: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number') return raise(`${name} must be a number`)
  if (value < 1) return raise(`${name} must be >= 1`)
  if (value > 1000) return raise(`${name} must be <= 1000`)
  return Number.isNaN(value) ? 0 : Math.floor(value)
}

/** Returns a status without its fraction. Raises for a number outside lowest..599 and for other types. */
export function statusArgument(value: LuaValue, lowest: number): number {
  if (typeof value !== 'number') return raise('code must be a number')
  if (value < lowest || value > 599) return raise(`code must be a number between ${lowest} and 599`)
  return Math.trunc(value)
}

/** Returns the MIME type for `get_body`; undefined for nil and false. Raises for other types than text and numbers. */
export function mimeTypeArgument(value: LuaValue): string | undefined {
  if (value === undefined || value === false) return undefined
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  return raise(`bad argument #1 to 'lower' (string expected, got ${luaType(value)})`)
}

/** Returns a header's name and values. An empty text becomes one space, numbers and booleans become text. Raises for what is not a header. */
export function headerArgument(name: LuaValue, value: LuaValue): HeaderValues[number] {
  const text = textArgument(name, `invalid header name "${luaToString(name)}": got ${luaType(name)}, expected string`)
  return { name: text, values: headerValues(text, value, 'array of string, string, number or boolean') }
}

/** Returns the members of a table of headers as {@link headerArgument} does, with the unchanged value in `raw`. Checks all before it returns. */
export function headersArgument(value: LuaValue): readonly (HeaderValues[number] & { readonly raw: LuaValue })[] {
  if (!(value instanceof LuaTable)) return raise('headers must be a table')
  return [...value].map(([key, raw]) => {
    if (typeof key !== 'string') raise(`invalid header name "${luaToString(key)}": got ${luaType(key)}, expected string`)
    const name = String(key)
    return { name, raw, values: headerValues(name, raw, 'string, number, boolean or array of strings') }
  })
}

function headerValues(name: string, value: LuaValue, expected: string): readonly string[] {
  if (value instanceof LuaTable) {
    return [...value.items()].map((item) => {
      if (typeof item !== 'string') raise(`invalid header value in array "${name}": got ${luaType(item)}, expected string`)
      return item === '' ? ' ' : String(item)
    })
  }
  if (value === undefined || value === null) return raise(`invalid header value for "${name}": got ${luaType(value)}, expected ${expected}`)
  const text = luaToString(value)
  return [text === '' ? ' ' : text]
}
