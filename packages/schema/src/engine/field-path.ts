import { LuaError } from '../lua/lua-error.js'
import { isTable, LuaTable, luaType, type LuaValue } from '../lua/lua-table.js'
import { luaToString } from '../lua/lua-text.js'
import type { Field, RecordSchema } from './schema-model.js'

function splitPath(path: LuaValue): string[] {
  if (typeof path === 'number') return [luaToString(path)]
  if (typeof path !== 'string') throw new LuaError(`bad argument #1 to 'find' (string expected, got ${luaType(path)})`)
  return path.split('.')
}

/** The value at a dotted path; nil behind anything missing or null. */
export function valueAt(table: LuaValue, path: LuaValue): LuaValue {
  if (table === undefined || table === null) return undefined
  let value: LuaValue = table
  for (const name of splitPath(path)) {
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string') return undefined
    value = indexable(value).get(name)
  }
  return value
}

/** Puts a value at a dotted path; tables in between appear even when the value is nil. */
export function setValueAt(table: LuaTable, path: string, value: LuaValue): void {
  let inner = table
  const names = path.split('.')
  const last = names.pop() ?? path
  for (const name of names) {
    const next = inner.get(name) ?? new LuaTable()
    inner.set(name, next)
    inner = indexable(next)
  }
  inner.set(last, value)
}

function indexable(value: LuaValue): LuaTable {
  if (isTable(value)) return value
  throw new LuaError(`attempt to index local 'tbl' (a ${luaType(value)} value)`)
}

/** The field at a dotted path of a schema; undefined when the last or only name is unknown. */
export function fieldAt(byName: RecordSchema['byName'], path: LuaValue): Field | undefined {
  const names = splitPath(path)
  let fields: RecordSchema['byName'] | undefined = byName
  let field: Field | undefined
  for (const [index, name] of names.entries()) {
    if (index > 0) {
      if (field === undefined) return undefined
      fields = field.record?.byName
      if (fields === undefined) throw new LuaError("attempt to index field 'fields' (a nil value)")
    }
    field = fields.get(name)
  }
  return field
}
