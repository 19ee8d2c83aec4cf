import { asciiLower, LuaTable } from '@kong-ts/schema/lua'
import type { HeaderList } from './messages.js'
import { percentEncode } from './url-encoding.js'

/** Headers that Kong is to set, each with all its values. */
export type HeaderValues = readonly { readonly name: string; readonly values: readonly string[] }[]

/** Encodes a header name as nginx's Lua module does before nginx gets it: only token characters stay. */
export function encodeHeaderName(name: string): string {
  return percentEncode(name, /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/g)
}

/** Encodes the control characters of a header value as nginx's Lua module does, so that a value cannot add a line. */
export function encodeHeaderValue(value: string): string {
  return percentEncode(value, /[\x00-\x08\x0a-\x1f\x7f]/g)
}

/** Header lines as a Lua table: lower-case names, a list for a repeated name. @param limit the number of lines read; 0 reads all. */
export function headerTable(list: HeaderList, limit: number): LuaTable {
  const table = new LuaTable()
  const lines = limit > 0 ? list.slice(0, limit) : list
  for (const [name, value] of lines) {
    const key = asciiLower(name)
    const present = table.get(key)
    if (present === undefined) table.set(key, value)
    else if (present instanceof LuaTable) present.set(present.size + 1, value)
    else table.set(key, LuaTable.list([present, value]))
  }
  return table
}

/** Looks a name up as the metatable of a header table does: as given, then in lower case, then with `-` for `_`. */
export function lookupHeader(table: LuaTable, name: string): string | LuaTable | undefined {
  const lower = asciiLower(name)
  const found = table.get(name) ?? table.get(lower) ?? table.get(lower.replaceAll('_', '-'))
  return typeof found === 'string' || found instanceof LuaTable ? found : undefined
}

/** The first value that {@link lookupHeader} finds. */
export function firstHeader(table: LuaTable, name: string): string | undefined {
  const found = lookupHeader(table, name)
  if (!(found instanceof LuaTable)) return found
  const first = found.get(1)
  return typeof first === 'string' ? first : undefined
}
