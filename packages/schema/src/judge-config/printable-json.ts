import type { JsonValue } from '../language/kong-schema.js'
import { LuaRaise } from '../schema-values/lua-raise.js'
import { isRecord, isTable, type LuaValue } from '../schema-values/lua-value.js'

export interface JsonObject {
  readonly [key: string]: JsonValue
}

const toJson = (value: LuaValue | undefined): JsonValue => {
  if (value === undefined) return null
  if (typeof value === 'number' && !Number.isFinite(value)) throw new LuaRaise('Cannot serialise number: must not be NaN or Infinity')
  if (!isTable(value)) return value
  return Array.isArray(value) ? value.map(toJson) : toJsonObject(value)
}

/**
 * A record as plain JSON, `__proto__` keys as own properties.
 *
 * @throws LuaRaise for infinite numbers, as cjson raises.
 */
export const toJsonObject = (value: LuaValue): JsonObject => {
  const object: { [key: string]: JsonValue } = {}
  if (!isRecord(value)) return object
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member === undefined) continue
    const json = toJson(member)
    if (key === '__proto__') Object.defineProperty(object, key, { value: json, writable: true, enumerable: true, configurable: true })
    else object[key] = json
  }
  return object
}
