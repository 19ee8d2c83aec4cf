import { isEmptyTable, isTable, tableEntries, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'

/** A table is an object, an array, or, when empty, both. */
export const isObject = (value: LuaValue): value is LuaTable => isTable(value) && !(Array.isArray(value) && value.length > 0)
export const isArray = (value: LuaValue): value is LuaTable => isTable(value) && (Array.isArray(value) || isEmptyTable(value))

/** Name of a value's kind in error texts. */
export const kindOf = (value: LuaValue): string => {
  if (value === null) return 'null'
  if (typeof value === 'number') return Math.floor(value) === value ? 'integer' : 'number'
  if (typeof value !== 'object') return typeof value
  return isObject(value) ? 'object' : 'array'
}

/** Whether a value is of a JSON-schema type. */
export const isOfType = (value: LuaValue, type: LuaValue | undefined): boolean => {
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
export const isDeepEqual = (a: LuaValue | undefined, b: LuaValue | undefined): boolean => {
  if (a === undefined || b === undefined || !isTable(a) || !isTable(b)) return a === b
  const entries = tableEntries(a)
  const others = new Map(tableEntries(b))
  return entries.length === others.size && entries.every(([key, value]) => others.has(key) && isDeepEqual(value, others.get(key)))
}
