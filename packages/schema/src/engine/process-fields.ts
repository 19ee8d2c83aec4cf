import { LuaRaise, raise } from '../schema-values/lua-raise.js'
import {
  copyValue,
  elementsOf,
  getKey,
  isSequence,
  isTable,
  POSITIONAL,
  setKey,
  toRecord,
  type LuaArray,
  type LuaRecord,
  type LuaTable,
  type LuaValue,
} from '../schema-values/lua-value.js'
import { autoValue } from './auto-value.js'
import { collectReferences, type ResolveReference } from './resolve-references.js'
import type { Field, NamedField, RecordSchema } from './schema-model.js'

/** Why values are processed: to be written (defaults, automatic values), or to be read back. */
export type Processing =
  | { readonly context: 'insert' }
  | {
      readonly context: 'select'
      /** Keep nulls, and leave references alone. */
      readonly nulls: boolean
      readonly defaults: boolean
      readonly resolve: ResolveReference
    }

export const INSERT: Processing = { context: 'insert' }

/** The subschema that a value's key names: a text, or the first known element of a set. */
export const subschemaOf = (schema: RecordSchema, input: LuaTable): RecordSchema | undefined => {
  if (schema.subschemaKey === undefined) return undefined
  const key = getKey(input, schema.subschemaKey)
  if (typeof key === 'string') return schema.findSubschema?.(key)
  if (!isTable(key)) return undefined
  for (const element of elementsOf(key)) {
    const found = typeof element === 'string' ? schema.findSubschema?.(element) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Fills a record's fields. The table is used up: what comes back may be the same object, changed. */
export const processFields = (schema: RecordSchema, table: LuaTable, processing: Processing): LuaRecord => {
  const data = toRecord(table)
  const fields = schema.fieldsWith(subschemaOf(schema, data))
  for (const { name, field } of fields) {
    let value = getKey(data, name)
    if (processing.context === 'insert' && field.isAuto) value = autoValue(field, name, value)
    value = adjust(field, value, processing)
    if (processing.context === 'select') {
      if (value === null && !processing.nulls) value = undefined
      else if (field.type === 'integer' && typeof value === 'number') value = Math.floor(value)
    }
    setKey(data, name, value)
  }
  return processing.context === 'select' ? finishSelect(schema, fields, data, processing) : data
}

/** Keeps what the schema knows, collects references, and drops empty texts where a text may not be empty. */
const finishSelect = (
  schema: RecordSchema,
  fields: readonly NamedField[],
  data: LuaRecord,
  processing: Extract<Processing, { context: 'select' }>,
): LuaRecord => {
  const refs = processing.nulls ? undefined : collectReferences(fields, data, processing.resolve, schema.traits)
  const kept: LuaRecord = {}
  for (const key of Object.keys(data)) {
    const field = schema.byName.get(key)
    const value = data[key]
    if (field === undefined || value === undefined) continue
    const isDropped =
      field.type === 'string' && dropsEmptyText(field) && value === '' && (refs === undefined || getKey(refs, key) === undefined)
    if (!isDropped) setKey(kept, key, value)
    else if (processing.nulls) setKey(kept, key, null)
  }
  if (schema.traits.refs && (refs !== undefined || getKey(kept, '$refs') !== undefined)) setKey(kept, '$refs', refs)
  return kept
}

const dropsEmptyText = (field: Field): boolean => {
  const least = getKey(field.attributes, 'len_min')
  if (least === null) throw new LuaRaise('attempt to compare number with userdata')
  return typeof least !== 'number' || least > 0
}

const adjust = (field: Field, given: LuaValue | undefined, processing: Processing): LuaValue | undefined => {
  let value = given
  if (processing.context === 'select' && value === null && field.required === true) {
    return missingValue(field, value, processing)
  }
  if (field.isAbstract) return value
  if (field.type === 'record') {
    if (value !== null && (value !== undefined || field.required === true)) {
      if (value === undefined || value === false) value = missingValue(field, value, processing)
      if (isTable(value)) return processFields(recordOf(field), value, processing)
    }
  } else if (isTable(value)) {
    value = adjustElements(field, value, processing)
  }
  return value === undefined ? missingValue(field, value, processing) : value
}

const adjustElements = (field: Field, table: LuaTable, processing: Processing): LuaTable => {
  if (field.type === 'map') return field.values === undefined ? table : adjustEach(field.values, table, processing)
  if (field.type !== 'array' && field.type !== 'set') return table
  const list = isSequence(table) ? listOf(field.type, elementsOf(table)) : table
  return field.elements === undefined ? list : adjustEach(field.elements, list, processing)
}

/** A list of its own, which cjson prints as `[…]` even when empty; sets lose what comes a second time. */
const listOf = (type: 'array' | 'set', elements: LuaArray): LuaArray => (type === 'set' ? [...new Set(elements)] : elements)

const adjustEach = (field: Field, table: LuaTable, processing: Processing): LuaTable => {
  if (Array.isArray(table)) return table.map((value) => (value === undefined ? value : adjust(field, value, processing)))
  for (const key of Object.keys(table)) {
    const value = table[key]
    if (value !== undefined) setKey(table, key, adjust(field, value, processing))
  }
  const positions = table[POSITIONAL]
  if (positions !== undefined) table[POSITIONAL] = positions.map((value) => adjust(field, value, processing))
  return table
}

/** What stands for a missing value: its default, null, the defaults inside a required record, or nothing yet. */
const missingValue = (field: Field, value: LuaValue | undefined, processing: Processing): LuaValue | undefined => {
  const { fallback } = field
  if (fallback !== undefined && (processing.context === 'insert' || processing.defaults)) {
    const copy = copyValue(fallback)
    const isList = field.type === 'array' || field.type === 'set'
    return isList && isTable(copy) && !Array.isArray(copy) && isSequence(copy) ? [] : copy
  }
  if (field.isNilable) return value
  if (field.required !== true) return null
  if (field.isAbstract) return undefined
  return field.type === 'record' ? processFields(recordOf(field), {}, INSERT) : undefined
}

/** The schema of a record field, or Kong's crash where it has none. */
export const recordOf = (field: Field): RecordSchema => field.record ?? raise("attempt to index local 'field_schema' (a nil value)")
