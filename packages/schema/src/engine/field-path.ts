import { LuaRaise } from '../schema-values/lua-raise.js'
import { luaTypeName } from '../schema-values/lua-text.js'
import { getKey, isTable, setKey, type LuaRecord, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'
import type { Field, RecordSchema } from './schema-model.js'

const splitPath = (path: LuaValue | undefined): string[] => {
  if (typeof path === 'number') return [String(path)]
  if (typeof path !== 'string') throw new LuaRaise(`bad argument #1 to 'find' (string expected, got ${luaTypeName(path)})`)
  return path.split('.')
}

/** The value at a dotted path, nil behind anything missing or null. */
export const valueAt = (table: LuaValue | undefined, path: LuaValue | undefined): LuaValue | undefined => {
  if (table === undefined || table === null) return undefined
  let value: LuaValue | undefined = table
  for (const name of splitPath(path)) {
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string') return undefined
    if (!isTable(value)) throw new LuaRaise(`attempt to index local 'tbl' (a ${luaTypeName(value)} value)`)
    value = getKey(value, name)
  }
  return value
}

/** Puts a value at a dotted path; tables in between appear even when the value is nil. */
export const setValueAt = (record: LuaRecord, path: string, value: LuaValue | undefined): void => {
  let table: LuaRecord = record
  const names = path.split('.')
  const last = names.pop() ?? path
  for (const name of names) {
    const next: LuaValue | undefined = getKey(table, name)
    if (next === undefined) {
      const inner: LuaRecord = {}
      setKey(table, name, inner)
      table = inner
    } else {
      table = indexable(next)
    }
  }
  setKey(table, last, value)
}

const indexable = (value: LuaValue): LuaRecord => {
  if (isTable(value)) return namedPart(value)
  throw new LuaRaise(`attempt to index local 'tbl' (a ${luaTypeName(value)} value)`)
}

/** Names put into a list are read by nobody. */
const namedPart = (table: LuaTable): LuaRecord => (Array.isArray(table) ? {} : table)

/** The field at a dotted path of a schema; undefined when the last or only name is unknown. */
export const fieldAt = (byName: RecordSchema['byName'], path: LuaValue | undefined): Field | undefined => {
  const names = splitPath(path)
  let fields: RecordSchema['byName'] | undefined = byName
  let field: Field | undefined
  for (const [index, name] of names.entries()) {
    if (index > 0) {
      if (field === undefined) return undefined
      fields = field.record?.byName
      if (fields === undefined) throw new LuaRaise("attempt to index field 'fields' (a nil value)")
    }
    field = fields.get(name)
  }
  return field
}
