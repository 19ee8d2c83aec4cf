import { LuaError, raise } from '../lua/lua-error.js'
import { elementsOf, isTable, isTruthy, LuaTable, type LuaValue, type LuaKey } from '../lua/lua-table.js'
import type { KongFeatures } from '../versions/kong-version.js'
import { isVaultReference } from '../lua/vault-reference.js'
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
export function subschemaOf(schema: RecordSchema, input: LuaTable): RecordSchema | undefined {
  if (schema.subschemaKey === undefined) return undefined
  const key = input.get(schema.subschemaKey)
  if (typeof key === 'string') return schema.findSubschema?.(key)
  for (const element of elementsOf(key)) {
    const found = typeof element === 'string' ? schema.findSubschema?.(element) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Fills a record's fields. Changes the table; to read back it returns another one. */
export function processFields(schema: RecordSchema, table: LuaTable, processing: Processing): LuaTable {
  const fields = schema.fieldsWith(subschemaOf(schema, table))
  for (const { name, field } of fields) {
    let value = table.get(name)
    if (processing.context === 'insert' && field.isAuto) value = autoValue(field, name, value)
    value = adjust(field, value, processing)
    if (processing.context === 'select') {
      if (value === null && !processing.nulls) value = undefined
      else if (field.type === 'integer' && typeof value === 'number') value = Math.floor(value)
    }
    table.set(name, value)
  }
  return processing.context === 'select' ? finishSelect(schema, fields, table, processing) : table
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The value that Kong makes up for a missing field that has `auto`: a UUID, 32 random characters, or the time. */
function autoValue(field: Field, name: string, value: LuaValue): LuaValue {
  if (isTruthy(field.attributes.get('uuid'))) return value === undefined ? crypto.randomUUID() : value
  if (field.type === 'string') return value === undefined ? randomText() : value
  const isDue = (name === 'created_at' && (value === undefined || value === null)) || name === 'updated_at'
  if (!isDue) return value
  const now = Date.now() / 1000
  return field.type === 'number' ? now : field.type === 'integer' ? Math.floor(now) : value
}

function randomText(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => LETTERS[byte % LETTERS.length]).join('')
}

/** Keeps what the schema knows, collects references, and drops empty texts where a text may not be empty. */
function finishSelect(
  schema: RecordSchema,
  fields: readonly NamedField[],
  data: LuaTable,
  processing: Extract<Processing, { context: 'select' }>,
): LuaTable {
  const refs = processing.nulls ? undefined : replaceReferences(fields, data, processing.resolve, schema.features)
  const kept = new LuaTable()
  data.forEach((value, key) => {
    const field = typeof key === 'string' ? schema.byName.get(key) : undefined
    if (field === undefined) return
    const isDropped = field.type === 'string' && dropsEmptyText(field) && value === '' && refs?.get(key) === undefined
    if (!isDropped) kept.set(key, value)
    else if (processing.nulls) kept.set(key, null)
  })
  if (schema.features.refs && (refs !== undefined || kept.get('$refs') !== undefined)) kept.set('$refs', refs)
  return kept
}

function dropsEmptyText(field: Field): boolean {
  const least = field.attributes.get('len_min')
  if (least === null) throw new LuaError('attempt to compare number with userdata')
  return typeof least !== 'number' || least > 0
}

function adjust(field: Field, given: LuaValue, processing: Processing): LuaValue {
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

function adjustElements(field: Field, table: LuaTable, processing: Processing): LuaTable {
  if (field.type === 'map') return field.values === undefined ? table : adjustEach(field.values, table, processing)
  if (field.type !== 'array' && field.type !== 'set') return table
  const list = table.isSequence ? markedList(field.type, table.elements) : table
  return field.elements === undefined ? list : adjustEach(field.elements, list, processing)
}

/** A list of its own with cjson's mark, so that it is `[]` when empty. A set loses what comes a second time. */
function markedList(type: 'array' | 'set', elements: readonly LuaValue[]): LuaTable {
  return LuaTable.list(type === 'set' ? new Set(elements) : elements, 'array')
}

function adjustEach(field: Field, table: LuaTable, processing: Processing): LuaTable {
  if (isPlainText(field)) return table
  for (const [key, value] of table.entries()) {
    const adjusted = adjust(field, value, processing)
    if (adjusted !== value) table.set(key, adjusted)
  }
  return table
}

/** Texts stay as they are, whatever is done to their list. */
function isPlainText(field: Field): boolean {
  return field.type === 'string' && field.required !== true && !field.isAbstract
}

/** What stands for a missing value: its default, null, the defaults inside a required record, or nothing yet. */
function missingValue(field: Field, value: LuaValue, processing: Processing): LuaValue {
  const { fallback } = field
  if (fallback !== undefined && (processing.context === 'insert' || processing.defaults)) {
    if (!isTable(fallback)) return fallback
    const isList = field.type === 'array' || field.type === 'set'
    return isList && fallback.size === 0 ? new LuaTable('array') : fallback.deepCopy()
  }
  if (field.isNilable) return value
  if (field.required !== true) return null
  if (field.isAbstract) return undefined
  return field.type === 'record' ? processFields(recordOf(field), new LuaTable(), INSERT) : undefined
}

/** The schema of a record field, or Kong's crash where it has none. */
export function recordOf(field: Field): RecordSchema {
  return field.record ?? raise("attempt to index local 'field_schema' (a nil value)")
}

/** The secret behind a `{vault://…}` reference, or undefined when there is none. Both are Lua text. */
export type ResolveReference = (reference: string) => string | undefined

/**
 * Replaces the references in a record's string fields, and one level below in its lists and maps, by their secrets.
 *
 * @returns what Kong puts under `$refs`: the references by field, or undefined when there are none.
 */
function replaceReferences(
  fields: readonly NamedField[],
  data: LuaTable,
  resolve: ResolveReference,
  features: KongFeatures,
): LuaTable | undefined {
  if (!fields.some(({ field }) => canHoldReferences(field))) return undefined
  const earlier = data.get('$refs')
  let refs: LuaTable | undefined
  const collect = (name: string, found: string | LuaTable | undefined): void => {
    const value = found ?? (isTable(earlier) ? earlier.get(name) : undefined)
    if (value === undefined || value === false) return
    refs ??= new LuaTable()
    refs.set(name, value)
  }
  for (const { name, field } of fields) {
    if (!canHoldReferences(field)) continue
    const value = data.get(name)
    if (field.type === 'string') {
      collect(name, isVaultReference(value) ? value : undefined)
      if (isVaultReference(value)) data.set(name, secretOf(value, resolve, features))
    } else if (isTable(value)) {
      collect(name, field.type === 'map' && !features.refs ? undefined : memberReferences(value, resolve, features))
    }
  }
  return refs
}

function canHoldReferences(field: Field): boolean {
  if (field.type === 'string') return isReferenceable(field)
  if (field.type === 'array' || field.type === 'set') return isReferenceable(field.elements)
  return field.type === 'map' && isReferenceable(field.values)
}

function isReferenceable(field: Field | undefined): boolean {
  return field !== undefined && field.type === 'string' && field.isReferenceable
}

function secretOf(reference: string, resolve: ResolveReference, features: KongFeatures): string | undefined {
  return resolve(reference) ?? (features.refs ? '' : undefined)
}

function memberReferences(table: LuaTable, resolve: ResolveReference, features: KongFeatures): LuaTable | undefined {
  const found = table.entries().filter((entry): entry is [LuaKey, string] => isVaultReference(entry[1]))
  if (found.length === 0) return undefined
  const refs = new LuaTable()
  for (const [key, reference] of found) {
    refs.set(key, reference)
    table.set(key, secretOf(reference, resolve, features))
  }
  return refs
}
