import type { JsonValue } from '../language/kong-schema.js'
import { SchemaError } from '../language/schema-error.js'
import { arrayLength } from './encode-json.js'
import { LuaError } from './lua-error.js'
import { LuaTable, type LuaValue } from './lua-table.js'
import { fromLuaText, luaToString, toLuaText } from './lua-text.js'

const MAX_DEPTH = 1000

/**
 * Parsed JSON as Lua values. An empty array and an empty object become the same plain table, as with Kong's cjson.
 *
 * @throws SchemaError (`ERR_NOT_JSON`) for what JSON cannot hold, such as functions, and for more than 1,000 levels.
 */
export function luaFromJson(value: unknown, depth = 0): Exclude<LuaValue, undefined> {
  if (typeof value === 'string') return toLuaText(value)
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value !== 'object' || depth > MAX_DEPTH) {
    const what = typeof value === 'object' ? `nesting of more than ${MAX_DEPTH} levels` : typeof value
    throw new SchemaError('ERR_NOT_JSON', `A ${what} cannot be written as JSON. Pass what JSON.parse returns.`)
  }
  if (Array.isArray(value)) return LuaTable.list(value.map((element: unknown) => luaFromJson(element ?? null, depth + 1)))
  const table = new LuaTable()
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) table.set(toLuaText(key), luaFromJson(member, depth + 1))
  }
  return table
}

/** A definition written in JavaScript: JSON whose parts may be shared and may contain themselves. */
export type LuaDefinition = null | boolean | number | string | readonly LuaDefinition[] | { readonly [key: string]: LuaDefinition }

/**
 * A definition as a table. Each object becomes one table, however often it occurs, so that a definition may contain itself.
 * Texts must be ASCII.
 */
export function luaFromDefinition(value: { readonly [key: string]: LuaDefinition }): LuaTable {
  return tableOf(value, new Map())
}

function tableOf(value: object, known: Map<object, LuaTable>): LuaTable {
  const earlier = known.get(value)
  if (earlier !== undefined) return earlier
  const table = new LuaTable()
  known.set(value, table)
  const members: Iterable<[string | number, LuaDefinition]> = Array.isArray(value)
    ? value.map((element: LuaDefinition, index): [number, LuaDefinition] => [index + 1, element])
    : Object.entries(value)
  for (const [key, member] of members) table.set(key, typeof member === 'object' && member !== null ? tableOf(member, known) : member)
  return table
}

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/**
 * A Lua value as plain JSON; `__proto__` keys become own properties. Tables are arrays or objects by cjson's rule.
 *
 * @throws LuaError for infinite numbers, as cjson raises.
 */
export function luaToJson(value: LuaValue): JsonValue {
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? null
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new LuaError('Cannot serialise number: must not be NaN or Infinity')
    return value
  }
  if (!(value instanceof LuaTable)) return fromLuaText(luaToString(value))
  const length = arrayLength(value)
  if (length !== undefined && (length > 0 || value.kind === 'array')) {
    return Array.from({ length }, (_, index) => luaToJson(value.get(index + 1)))
  }
  return luaToJsonObject(value)
}

/** A table as a JSON object, as `luaToJson` makes it, even when all its keys are positions. */
export function luaToJsonObject(table: LuaTable): JsonObject {
  const object: { [key: string]: JsonValue } = {}
  table.forEach((member, key) => {
    const name = typeof key === 'string' ? fromLuaText(key) : luaToString(key)
    const json = luaToJson(member)
    if (name === '__proto__') Object.defineProperty(object, name, { value: json, writable: true, enumerable: true, configurable: true })
    else object[name] = json
  })
  return object
}
