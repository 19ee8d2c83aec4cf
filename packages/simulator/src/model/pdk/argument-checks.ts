import { raise, bytesToText, luaToString, luaType, LuaTable, type LuaValue } from '@kong-ts/schema/lua'

/** The value when it is text, else raises the message. */
export function textArgument(value: LuaValue, message: string): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return bytesToText(value)
  return raise(message)
}

/** The value when it is a whole number, else raises. */
export function integerArgument(value: LuaValue, name: string, lowest: number, highest: number): number {
  if (typeof value !== 'number' || Math.floor(value) !== value) return raise(`${name} must be an integer`)
  if (value < lowest || value > highest)
    return raise(`${name} must be an integer between ${lowest} and ${highest}: given ${luaToString(value)}`)
  return value
}

/** A limit such as `max_args`: nil gives undefined, a number outside 1..1000 or another type raises. NaN passes, as in Lua. */
export function limitArgument(value: LuaValue, name: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number') return raise(`${name} must be a number`)
  if (value < 1) return raise(`${name} must be >= 1`)
  if (value > 1000) return raise(`${name} must be <= 1000`)
  return Number.isNaN(value) ? 0 : Math.floor(value)
}

/** A status: a number within the range, fractions cut off. */
export function statusArgument(value: LuaValue, lowest: number): number {
  if (typeof value !== 'number') return raise('code must be a number')
  if (value < lowest || value > 599) return raise(`code must be a number between ${lowest} and 599`)
  return Math.trunc(value)
}

/** A header's name and values, checked and normalised: an empty text becomes one space, numbers and booleans text, a table its texts. */
export function headerArgument(name: LuaValue, value: LuaValue): { readonly name: string; readonly values: readonly string[] } {
  const text = textArgument(name, `invalid header name "${luaToString(name)}": got ${luaType(name)}, expected string`)
  return { name: text, values: headerValues(text, value, 'array of string, string, number or boolean') }
}

/** The members of a headers table, each checked as `headerArgument` does; all are checked before one is used. */
export function headersArgument(
  value: LuaValue,
): readonly { readonly name: string; readonly values: readonly string[]; readonly raw: LuaValue }[] {
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
