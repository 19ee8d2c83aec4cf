import { isTable, type LuaTable, type LuaValue } from '../lua/lua-table.js'

/** Whether a value is an object. An empty table is an object and an array. */
export function isObject(value: LuaValue): value is LuaTable {
  return isTable(value) && value.elements.length === 0
}

export function isArray(value: LuaValue): value is LuaTable {
  return isTable(value) && (value.elements.length > 0 || value.size === 0)
}

/** Name of a value's kind in error texts. */
export function kindOf(value: LuaValue): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return Math.floor(value) === value ? 'integer' : 'number'
  if (typeof value !== 'object') return typeof value
  return isObject(value) ? 'object' : 'array'
}

/** Whether a value is of a JSON-schema type. */
export function isOfType(value: LuaValue, type: LuaValue): boolean {
  switch (type) {
    case 'object':
      return isObject(value)
    case 'array':
      return isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}

/** Equality of JSON values; an empty array equals an empty object. */
export function isDeepEqual(a: LuaValue, b: LuaValue): boolean {
  if (a === undefined || b === undefined || !isTable(a) || !isTable(b)) return a === b
  const entries = a.entries()
  const others = new Map(b.entries())
  return entries.length === others.size && entries.every(([key, value]) => others.has(key) && isDeepEqual(value, others.get(key)))
}
