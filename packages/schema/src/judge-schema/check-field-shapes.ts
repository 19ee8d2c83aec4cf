import type { ErrorNode, ErrorTable } from '../engine/error-table.js'
import type { KongTraits } from '../versions/kong-traits.js'
import { LuaRaise } from '../schema-values/lua-raise.js'
import { luaToString, luaTypeName } from '../schema-values/lua-text.js'
import {
  elementsOf,
  getKey,
  isRecord,
  isTable,
  isTruthy,
  tableEntries,
  type LuaArray,
  type LuaKey,
  type LuaTable,
  type LuaValue,
} from '../schema-values/lua-value.js'

/** Attributes that a type cannot do without. */
const neededAttributes: Readonly<Record<string, readonly string[]>> = {
  array: ['elements'],
  set: ['elements'],
  map: ['keys', 'values'],
  record: ['fields'],
  json: ['json_schema'],
}

const numeric = ['integer', 'number']
const scalar = ['string', ...numeric]
const keyed = [...scalar, 'foreign']

/** The few attributes that Kong allows for some types only. All others are taken for every type. */
const allowedTypes: Readonly<Record<string, readonly string[]>> = {
  between: numeric,
  len_eq: ['array', 'set', 'string', 'map'],
  match: ['string'],
  one_of: scalar,
  contains: ['array', 'set'],
  is_regex: ['string'],
  timestamp: numeric,
  uuid: ['string'],
  legacy: ['string'],
  unique: keyed,
  unique_across_ws: keyed,
  abstract: [...scalar, 'record', 'array', 'set', 'map'],
  json_schema: ['json'],
  transient: [...scalar, 'array', 'set', 'boolean'],
}

/** Attributes and types that the version in question has never heard of are refused elsewhere, and not looked at here. */
const isKnown = (name: string, traits: KongTraits): boolean => {
  if (name === 'json' || name === 'json_schema') return traits.json
  if (name === 'transient') return traits.transient
  return name !== 'legacy' || traits.legacy
}

/**
 * The part of Kong's check of a plugin schema that its schema language cannot express: which attributes a type needs and may have.
 * Errors stand under the bare name of the field, however deep it is, so fields of the same name hide each other.
 */
export const checkFieldShapes = (schema: LuaTable, traits: KongTraits): ErrorTable => {
  const errors: ErrorTable = new Map<LuaKey, ErrorNode>()
  checkFields(schema, { errors, traits })
  return errors
}

const lengthChecked = (value: LuaValue | undefined, spelling: string): LuaArray => {
  if (isTable(value)) return elementsOf(value)
  if (typeof value === 'string') return Array.from({ length: value.length }, () => undefined)
  throw new LuaRaise(`attempt to get length of ${spelling} (a ${luaTypeName(value)} value)`)
}

interface ShapeCheck {
  readonly errors: ErrorTable
  readonly traits: KongTraits
}

const checkFields = (schema: LuaTable, check: ShapeCheck): void => {
  const { errors } = check
  checkTransformations(schema, errors)
  for (const item of lengthChecked(getKey(schema, 'fields'), "field 'fields'")) {
    if (item === undefined || !isTable(item)) {
      errors.set('fields', 'each entry in fields must be a sub-table')
      return
    }
    const [entry] = tableEntries(item)
    if (entry === undefined) {
      errors.set('fields', 'field entry table is empty')
      return
    }
    const [name, definition] = entry
    if (isTable(definition)) checkField(name, definition, check, schema)
    else errors.set(name, `'${name}' must be a table`)
  }
}

const checkField = (name: LuaKey, field: LuaTable, check: ShapeCheck, parent: LuaTable): void => {
  const { errors, traits } = check
  const type = getKey(field, 'type')
  if (!isTruthy(type)) {
    errors.set(name, 'missing type declaration')
    return
  }
  const typeName = luaToString(type)
  const isAbstractRecord = type === 'record' && isTruthy(getKey(field, 'abstract'))
  for (const needed of isAbstractRecord || !isKnown(typeName, traits) ? [] : (neededAttributes[typeName] ?? [])) {
    if (!isTruthy(getKey(field, needed))) errors.set(name, `field of type '${typeName}' must declare '${needed}'`)
  }
  for (const [attribute] of tableEntries(field)) {
    const types =
      typeof attribute === 'string' && Object.hasOwn(allowedTypes, attribute) && isKnown(attribute, traits)
        ? allowedTypes[attribute]
        : undefined
    if (types !== undefined && !types.includes(typeName))
      errors.set(name, `field of type '${typeName}' cannot have attribute '${attribute}'`)
  }
  for (const nested of ['elements', 'keys', 'values']) {
    const definition = getKey(field, nested)
    if (isTable(definition)) checkField(name, definition, check, field)
    else if (isTruthy(definition)) errors.set(name, `'${nested}' must be a table`)
  }
  if (type === 'json' && traits.json && !checkJsonParent(name, getKey(field, 'json_schema'), errors, parent)) return
  if (isTruthy(getKey(field, 'fields'))) checkFields(field, check)
}

/** A JSON schema found by the value of a sibling needs that sibling to be a string field. False ends the check of the field. */
const checkJsonParent = (name: LuaKey, source: LuaValue | undefined, errors: ErrorTable, parent: LuaTable): boolean => {
  if (!isTruthy(source)) return true
  if (typeof source === 'string') return true
  if (!isTable(source)) throw new LuaRaise(`attempt to index field 'json_schema' (a ${luaTypeName(source)} value)`)
  const key = getKey(source, 'parent_subschema_key')
  if (!isTruthy(key)) return true
  const sibling = lengthChecked(getKey(parent, 'fields'), "field 'fields'")
    .flatMap((item) => (isTable(item) ? tableEntries(item).slice(0, 1) : []))
    .find(([sibling]) => sibling === key)
  if (sibling === undefined) {
    setJsonParentError(name, 'value must be a field name of the parent schema', errors)
    return false
  }
  const [, definition] = sibling
  if (!isRecord(definition) || getKey(definition, 'type') !== 'string') {
    setJsonParentError(name, 'value must be a string field of the parent schema', errors)
  }
  return true
}

const setJsonParentError = (name: LuaKey, text: string, errors: ErrorTable): void => {
  const known = errors.get(name)
  if (typeof known === 'string') throw new LuaRaise("attempt to index field '?' (a string value)")
  const table: ErrorTable = known instanceof Map ? known : new Map<LuaKey, ErrorNode>()
  table.set('json_schema', new Map([['parent_subschema_key', text]]))
  errors.set(name, table)
}

const checkTransformations = (schema: LuaTable, errors: ErrorTable): void => {
  const list = getKey(schema, 'transformations')
  if (!isTruthy(list)) return
  for (const [index, transformation] of lengthChecked(list, "local 'transformations'").entries()) {
    if (transformation === undefined || !isTable(transformation)) {
      throw new LuaRaise(`attempt to index local 'transformation' (a ${luaTypeName(transformation)} value)`)
    }
    for (const part of ['input', 'needs']) {
      const names = getKey(transformation, part)
      if (!isTruthy(names)) continue
      for (const [position, path] of lengthChecked(names, `field '${part}'`).entries()) {
        if (!hasField(schema, path)) setTransformationError(errors, part, index + 1, position + 1, luaToString(path))
      }
    }
  }
}

const setTransformationError = (errors: ErrorTable, part: string, index: number, position: number, path: string): void => {
  let table = errors
  for (const key of ['transformations', part, index]) {
    const known = table.get(key)
    const inner: ErrorTable = known instanceof Map ? known : new Map<LuaKey, ErrorNode>()
    table.set(key, inner)
    table = inner
  }
  table.set(position, `invalid field name: ${path}`)
}

const hasField = (schema: LuaTable, path: LuaValue | undefined): boolean => {
  if (typeof path !== 'string') throw new LuaRaise(`bad argument #1 to 'find' (string expected, got ${luaTypeName(path)})`)
  const [head = '', ...rest] = path.split('.')
  for (const item of lengthChecked(getKey(schema, 'fields'), "local 'fields'")) {
    const entry = isTable(item) ? tableEntries(item)[0] : undefined
    if (entry?.[0] !== head) continue
    if (rest.length === 0) return true
    const [, definition] = entry
    if (!isTable(definition)) return false
    return getKey(definition, 'type') === 'foreign' || hasField(definition, rest.join('.'))
  }
  return false
}
