import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'

/** The texts of an array or set field; none when the field is not set. */
export function textItems(value: LuaValue): string[] {
  if (!(value instanceof LuaTable)) return []
  return [...value.items()].filter((item) => typeof item === 'string')
}

/** Lua's idea of true for a field that may be left out. */
export function isTrue(value: LuaValue): boolean {
  return value !== undefined && value !== false
}
