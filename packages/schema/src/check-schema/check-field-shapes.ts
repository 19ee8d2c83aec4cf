import type { ErrorKey, ErrorNode, ErrorTable } from '../engine/kong-errors.js'
import type { KongFeatures } from '../versions/kong-version.js'
import { LuaError } from '../lua/lua-error.js'
import { luaToString } from '../lua/lua-text.js'
import { isTable, isTruthy, luaType, type LuaTable, type LuaValue } from '../lua/lua-table.js'

/** Attributes that a field of this type must have. */
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

/** The few attributes that Kong allows for some types only. It takes all others for every type. */
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

/** Whether this version of Kong knows the attribute or type. The meta schema refuses those that it does not know. */
function isKnown(name: string, features: KongFeatures): boolean {
  if (name === 'json' || name === 'json_schema') return features.json
  if (name === 'transient') return features.transient
  return name !== 'legacy' || features.legacy
}

/**
 * Checks which attributes the type of each field needs and may have. Kong has this as a function, because its schema language cannot
 * express it. An error stands under the bare name of the field, however deep the field is, so fields of one name hide each other's errors.
 */
export function checkFieldShapes(schema: LuaTable, features: KongFeatures): ErrorTable {
  const errors: ErrorTable = new Map<ErrorKey, ErrorNode>()
  checkFields(schema, { errors, features })
  return errors
}

function lengthChecked(value: LuaValue, spelling: string): readonly LuaValue[] {
  if (isTable(value)) return value.elements
  if (typeof value === 'string') return Array.from({ length: value.length }, () => undefined)
  throw new LuaError(`attempt to get length of ${spelling} (a ${luaType(value)} value)`)
}

interface ShapeCheck {
  readonly errors: ErrorTable
  readonly features: KongFeatures
}

function checkFields(schema: LuaTable, check: ShapeCheck): void {
  const { errors } = check
  checkTransformations(schema, errors)
  for (const item of lengthChecked(schema.get('fields'), "field 'fields'")) {
    if (item === undefined || !isTable(item)) {
      errors.set('fields', 'each entry in fields must be a sub-table')
      return
    }
    const [entry] = item.entries()
    if (entry === undefined) {
      errors.set('fields', 'field entry table is empty')
      return
    }
    const [key, definition] = entry
    const name = typeof key === 'number' ? key : String(key)
    if (isTable(definition)) checkField(name, definition, check, schema)
    else errors.set(name, `'${name}' must be a table`)
  }
}

function checkField(name: ErrorKey, field: LuaTable, check: ShapeCheck, parent: LuaTable): void {
  const { errors, features } = check
  const type = field.get('type')
  if (!isTruthy(type)) {
    errors.set(name, 'missing type declaration')
    return
  }
  const typeName = luaToString(type)
  const isAbstractRecord = type === 'record' && isTruthy(field.get('abstract'))
  for (const needed of isAbstractRecord || !isKnown(typeName, features) ? [] : (neededAttributes[typeName] ?? [])) {
    if (!isTruthy(field.get(needed))) errors.set(name, `field of type '${typeName}' must declare '${needed}'`)
  }
  for (const [attribute] of field.entries()) {
    const types =
      typeof attribute === 'string' && Object.hasOwn(allowedTypes, attribute) && isKnown(attribute, features)
        ? allowedTypes[attribute]
        : undefined
    if (types !== undefined && !types.includes(typeName))
      errors.set(name, `field of type '${typeName}' cannot have attribute '${attribute}'`)
  }
  for (const nested of ['elements', 'keys', 'values']) {
    const definition = field.get(nested)
    if (isTable(definition)) checkField(name, definition, check, field)
    else if (isTruthy(definition)) errors.set(name, `'${nested}' must be a table`)
  }
  if (type === 'json' && features.json && !checkJsonParent(name, field.get('json_schema'), errors, parent)) return
  if (isTruthy(field.get('fields'))) checkFields(field, check)
}

/** When a sibling's value chooses the JSON schema, the sibling must be a string field. Returns false to end the check of the field. */
function checkJsonParent(name: ErrorKey, source: LuaValue, errors: ErrorTable, parent: LuaTable): boolean {
  if (!isTruthy(source)) return true
  if (typeof source === 'string') return true
  if (!isTable(source)) throw new LuaError(`attempt to index field 'json_schema' (a ${luaType(source)} value)`)
  const key = source.get('parent_subschema_key')
  if (!isTruthy(key)) return true
  const sibling = lengthChecked(parent.get('fields'), "field 'fields'")
    .flatMap((item) => (isTable(item) ? item.entries().slice(0, 1) : []))
    .find(([sibling]) => sibling === key)
  if (sibling === undefined) {
    setJsonParentError(name, 'value must be a field name of the parent schema', errors)
    return false
  }
  const [, definition] = sibling
  if (!isTable(definition) || definition.get('type') !== 'string') {
    setJsonParentError(name, 'value must be a string field of the parent schema', errors)
  }
  return true
}

function setJsonParentError(name: ErrorKey, text: string, errors: ErrorTable): void {
  const known = errors.get(name)
  if (typeof known === 'string') throw new LuaError("attempt to index field '?' (a string value)")
  const table: ErrorTable = known instanceof Map ? known : new Map<ErrorKey, ErrorNode>()
  table.set('json_schema', new Map([['parent_subschema_key', text]]))
  errors.set(name, table)
}

function checkTransformations(schema: LuaTable, errors: ErrorTable): void {
  const list = schema.get('transformations')
  if (!isTruthy(list)) return
  for (const [index, transformation] of lengthChecked(list, "local 'transformations'").entries()) {
    if (transformation === undefined || !isTable(transformation)) {
      throw new LuaError(`attempt to index local 'transformation' (a ${luaType(transformation)} value)`)
    }
    for (const part of ['input', 'needs']) {
      const names = transformation.get(part)
      if (!isTruthy(names)) continue
      for (const [position, path] of lengthChecked(names, `field '${part}'`).entries()) {
        if (!hasField(schema, path)) setTransformationError(errors, part, index + 1, position + 1, luaToString(path))
      }
    }
  }
}

function setTransformationError(errors: ErrorTable, part: string, index: number, position: number, path: string): void {
  let table = errors
  for (const key of ['transformations', part, index]) {
    const known = table.get(key)
    const inner: ErrorTable = known instanceof Map ? known : new Map<ErrorKey, ErrorNode>()
    table.set(key, inner)
    table = inner
  }
  table.set(position, `invalid field name: ${path}`)
}

function hasField(schema: LuaTable, path: LuaValue): boolean {
  if (typeof path !== 'string') throw new LuaError(`bad argument #1 to 'find' (string expected, got ${luaType(path)})`)
  const [head = '', ...rest] = path.split('.')
  for (const item of lengthChecked(schema.get('fields'), "local 'fields'")) {
    const entry = isTable(item) ? item.entries()[0] : undefined
    if (entry?.[0] !== head) continue
    if (rest.length === 0) return true
    const [, definition] = entry
    if (!isTable(definition)) return false
    return definition.get('type') === 'foreign' || hasField(definition, rest.join('.'))
  }
  return false
}
