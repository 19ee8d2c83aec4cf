import { SchemaError } from '../errors/schema-error.js'

/** Array entries of a record that was sent as a JSON array: Lua keeps them under the keys 1, 2, …, next to the named ones. */
export const POSITIONAL: unique symbol = Symbol('positional')

/** A value of Kong's schema code: JSON's values with Lua's tables. `null` is `ngx.null`, `undefined` stands for nil. */
export type LuaValue = null | boolean | number | string | LuaTable
export type LuaTable = LuaArray | LuaRecord

/** A Lua sequence. An EMPTY one carries the mark that makes cjson print `[]`; an empty table without it is a `LuaRecord`. */
export type LuaArray = (LuaValue | undefined)[]

export interface LuaRecord {
  [key: string]: LuaValue | undefined
  [POSITIONAL]?: LuaArray
}

export type LuaKey = string | number

export const isTable = (value: LuaValue | undefined): value is LuaTable => typeof value === 'object' && value !== null

export const isRecord = (value: LuaValue | undefined): value is LuaRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads a string key. An array has none. */
export const getKey = (table: LuaTable, key: string): LuaValue | undefined =>
  Array.isArray(table) || !Object.hasOwn(table, key) ? undefined : table[key]

/** Writes a string key as an own property, `__proto__` included. A key that holds undefined counts as not there. */
export const setKey = (record: LuaRecord, key: string, value: LuaValue | undefined): void => {
  if (key === '__proto__') Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true })
  else record[key] = value
}

/** Every key and value that is not nil: positions as numbers from 1, names as strings. */
export const tableEntries = (table: LuaTable): [LuaKey, LuaValue][] => {
  const entries: [LuaKey, LuaValue][] = []
  const positions = Array.isArray(table) ? table : table[POSITIONAL]
  positions?.forEach((value, index) => {
    if (value !== undefined) entries.push([index + 1, value])
  })
  if (!Array.isArray(table)) {
    for (const key of Object.keys(table)) {
      const value = table[key]
      if (value !== undefined) entries.push([key, value])
    }
  }
  return entries
}

export const isEmptyTable = (table: LuaTable): boolean => {
  if (Array.isArray(table)) return table.length === 0
  if (table[POSITIONAL] !== undefined) return false
  for (const key in table) if (Object.hasOwn(table, key) && table[key] !== undefined) return false
  return true
}

/** Whether the table is a proper list. The empty table is one, whatever it was written as. */
export const isSequence = (value: LuaValue | undefined): value is LuaTable =>
  isTable(value) && (Array.isArray(value) ? !value.includes(undefined) : isEmptyTable(value))

/** The elements of a sequence; a record has none. */
export const elementsOf = (value: LuaTable): LuaArray => (Array.isArray(value) ? value : (value[POSITIONAL] ?? []))

export const copyTable = (table: LuaTable): LuaTable => {
  if (Array.isArray(table)) return table.map((value) => (value === undefined ? undefined : copyValue(value)))
  const copy: LuaRecord = {}
  for (const key of Object.keys(table)) {
    const value = table[key]
    if (value !== undefined) setKey(copy, key, copyValue(value))
  }
  const positions = table[POSITIONAL]
  if (positions !== undefined) copy[POSITIONAL] = positions.map((value) => (value === undefined ? undefined : copyValue(value)))
  return copy
}

export const copyValue = (value: LuaValue): LuaValue => (isTable(value) ? copyTable(value) : value)

/** A record that may take named keys: an array's entries are kept as positions. */
export const toRecord = (table: LuaTable): LuaRecord => {
  if (!Array.isArray(table)) return table
  return table.length === 0 ? {} : { [POSITIONAL]: table }
}

const MAX_DEPTH = 1000

/** A copy of parsed JSON as Kong's cjson decodes it: an empty array and an empty object are the same, unmarked table. */
export const luaFromJson = (value: unknown, depth = 0): LuaValue => {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value
  if (typeof value !== 'object' || depth > MAX_DEPTH) {
    const what = typeof value === 'object' ? `nesting of more than ${MAX_DEPTH} levels` : typeof value
    throw new SchemaError('ERR_NOT_JSON', `A ${what} cannot be written as JSON. Pass what JSON.parse returns.`)
  }
  if (Array.isArray(value)) return value.length === 0 ? {} : value.map((element: unknown) => luaFromJson(element ?? null, depth + 1))
  const record: LuaRecord = {}
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) setKey(record, key, luaFromJson(member, depth + 1))
  }
  return record
}

/** Lua's truth: everything but nil and false, null included. */
export const isTruthy = (value: LuaValue | undefined): boolean => value !== undefined && value !== false

/** Kong's idea of non-empty: false and 0 are, null, "" and the empty table are not. */
export const isNonEmpty = (value: LuaValue | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && !(isTable(value) && isEmptyTable(value))
