import { SchemaError } from '../errors/schema-error.js'
import { LuaRaise, raise } from '../schema-values/lua-raise.js'
import { luaToString, luaTypeName } from '../schema-values/lua-text.js'
import {
  copyTable,
  elementsOf,
  getKey,
  isSequence,
  isTable,
  isTruthy,
  tableEntries,
  toRecord,
  type LuaKey,
  type LuaRecord,
  type LuaTable,
  type LuaValue,
} from '../schema-values/lua-value.js'
import { runEntityChecks } from './run-entity-checks.js'
import { addEntityError, type ErrorNode, type ErrorTable, type Failure } from './error-table.js'
import { eqText, neText, texts, typeTexts } from './error-texts.js'
import { validateJsonField } from './json-field.js'
import { INSERT, processFields, recordOf, subschemaOf } from './process-fields.js'
import type { Field, RecordSchema } from './schema-model.js'
import { isVaultReference } from './vault-reference.js'

/** Whether a value may be missing: elements, keys and values of a container never may. */
type Presence = 'as-declared' | 'required'

/** Validates a complete (`full`) or partial record. Returns its errors by field, or undefined when there are none. */
export const validateRecord = (schema: RecordSchema, input: LuaTable, full = true): ErrorTable | undefined => {
  const key = schema.subschemaKey
  if (key !== undefined) {
    const value = getKey(input, key)
    if (value === undefined || value === null) return new Map([[key, texts.required]])
    if (subschemaOf(schema, input) === undefined) {
      const named = typeof value === 'string' ? value : String(isTable(value) ? elementsOf(value)[0] : value)
      return new Map([[key, schema.subschemaError?.(named) ?? `unknown type: ${named}`]])
    }
  }
  const subschema = subschemaOf(schema, input)
  const errors = validateFields(schema, subschema, input)
  for (const { name, field } of schema.fields) {
    if (!isTruthy(field.required)) continue
    const value = getKey(input, name)
    if (value === null || (full && value === undefined)) errors.set(name, texts.required)
  }
  const context = { traits: schema.traits, overlay: schema.overlay, validateField }
  runEntityChecks(schema, { ...context, byName: schema.byName }, input, full, errors)
  if (subschema !== undefined && (subschema.entityChecks.length > 0 || subschema.brokenChecks !== undefined)) {
    const byName = new Map([...schema.byName, ...subschema.byName])
    runEntityChecks(subschema, { ...context, overlay: subschema.overlay, byName }, input, full, errors)
  }
  if (full && schema.selfCheck !== undefined) runSelfCheck(schema, schema.selfCheck, input, errors)
  return errors.size === 0 ? undefined : errors
}

const validateFields = (schema: RecordSchema, subschema: RecordSchema | undefined, input: LuaTable): ErrorTable => {
  const errors: ErrorTable = new Map<LuaKey, ErrorNode>()
  for (const [key, value] of tableEntries(input)) {
    const name = String(key)
    const own = schema.byName.get(name)
    const special = subschema?.byName.get(name)
    const failure = validateMember(name, own, special, value, input, schema)
    if (failure?.error !== undefined) errors.set(key, failure.error)
  }
  return errors
}

const validateMember = (
  name: string,
  own: Field | undefined,
  special: Field | undefined,
  value: LuaValue,
  input: LuaTable,
  schema: RecordSchema,
): Failure | undefined => {
  const isJson = (own?.type === 'json' && schema.traits.json) || (schema.traits.v39 && special?.type === 'json')
  if (isJson) {
    const field = schema.traits.v39 ? (special ?? own) : own
    return field === undefined ? undefined : validateJsonField(field, name, value, input)
  }
  if (own?.type === 'self') return validateSelf(schema, value, input)
  if (name === 'updated_at' && schema.traits.updatedAt) return undefined
  const field = own === undefined ? undefined : (special ?? own)
  return field === undefined ? { error: texts.unknown } : validateField(field, value)
}

/** The value must fit the definition that it is an attribute of. A crash on the way is an error of the definition. */
const validateSelf = (schema: RecordSchema, value: LuaValue, input: LuaTable): Failure | undefined => {
  try {
    return validateField(schema.overlay(undefined, toRecord(input)), value)
  } catch (error) {
    if (error instanceof LuaRaise) return { error: texts.cannotValidate }
    throw error
  }
}

/** Validates one value against its field definition. */
export const validateField = (field: Field, value: LuaValue | undefined, presence: Presence = 'as-declared'): Failure | undefined => {
  const { type, err, eq } = field
  if (value === null) {
    if (field.ne === null) return { error: errOr(err, neText(null)) }
    if (eq !== undefined && eq !== null) return { error: eqText(eq) }
    if (presence === 'required' || isTruthy(field.required)) return { error: texts.required }
    return undefined
  }
  if (eq === null) return { error: errOr(err, eqText(null)) }
  if (field.isAbstract) return { error: texts.abstract }
  const { deprecation } = field
  if (isTruthy(deprecation) && !isTable(deprecation)) {
    throw new LuaRaise(`attempt to index field 'deprecation' (a ${luaTypeName(deprecation)} value)`)
  }
  if (type === 'any') return value === undefined ? undefined : runRules(field, value, err)
  const failure = validateType(field, value)
  if (failure !== undefined || value === undefined) return failure
  if (type === 'string' && field.isReferenceable && isVaultReference(value)) return undefined
  return runRules(field, value, err)
}

const runRules = (field: Field, value: LuaValue, err: LuaValue | undefined): Failure | undefined => {
  for (const rule of field.rules) {
    const failure = rule(value)
    if (failure !== undefined) return { error: errOr(err, failure.error ?? null) }
  }
  return undefined
}

const errOr = (err: LuaValue | undefined, text: ErrorNode): ErrorNode => (err === null || typeof err === 'string' ? err : text)

const wrongType = (type: string): Failure => ({ error: typeTexts[type] })

const validateType = (field: Field, value: LuaValue | undefined): Failure | undefined => {
  const { type } = field
  switch (type) {
    case 'array':
    case 'set':
      return isSequence(value) ? validateElements(field, value) : wrongType(type)
    case 'map':
      return isTable(value) ? validateEntries(field, value) : wrongType(type)
    case 'record': {
      if (!isTable(value)) return wrongType(type)
      const schema = recordOf(field)
      const errors = validateRecord(schema, processFields(schema, copyTable(value), INSERT))
      return errors === undefined ? undefined : { error: errors }
    }
    case 'foreign':
      return field.entity === undefined ? undefined : validateForeign(field.entity, value)
    case 'integer':
      return Number.isInteger(value) ? undefined : wrongType(type)
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type ? undefined : wrongType(type)
    case 'function':
      return wrongType(type)
    default:
      return type === 'json' && field.traits.json ? wrongType(type) : { error: `invalid type: ${luaToString(type)}` }
  }
}

const childOf = (field: Field, name: 'elements' | 'keys' | 'values'): Field =>
  field[name] ?? raise(`attempt to index field '${name}' (a ${luaTypeName(getKey(field.attributes, name))} value)`)

const validateElements = (field: Field, list: LuaTable): Failure | undefined => {
  const element = childOf(field, 'elements')
  const errors: ErrorTable = new Map<LuaKey, ErrorNode>()
  let isValid = true
  for (const [index, value] of elementsOf(list).entries()) {
    const failure = validateField(element, value, 'required')
    if (failure === undefined) continue
    isValid = false
    if (failure.error !== undefined) errors.set(index + 1, failure.error)
  }
  return isValid ? undefined : { error: errors }
}

const validateEntries = (field: Field, map: LuaTable): Failure | undefined => {
  const keys = childOf(field, 'keys')
  const values = childOf(field, 'values')
  for (const [key, value] of tableEntries(map)) {
    const failure = validateField(keys, key, 'required') ?? validateField(values, value, 'required')
    if (failure !== undefined) return failure
  }
  return undefined
}

const validateForeign = (entity: RecordSchema, value: LuaValue | undefined): Failure | undefined => {
  const primaryKey = entity.primaryKey ?? raise("attempt to get length of local 'primary_key' (a nil value)")
  const errors: ErrorTable = new Map<LuaKey, ErrorNode>()
  for (const name of primaryKey) {
    const error = primaryKeyError(entity.byName.get(name), foreignMember(value, name))
    if (error !== undefined) errors.set(name, error)
  }
  if (errors.size === 0) return undefined
  const whole = isTable(value) ? validateRecord(entity, value, false) : undefined
  return { error: whole ?? errors }
}

const foreignMember = (value: LuaValue | undefined, name: string): LuaValue | undefined => {
  if (isTable(value)) return getKey(value, name)
  if (typeof value === 'string') return undefined
  throw new LuaRaise(`attempt to index local 'pk' (a ${luaTypeName(value)} value)`)
}

const primaryKeyError = (field: Field | undefined, value: LuaValue | undefined): ErrorNode | undefined => {
  if (field === undefined) {
    throw new SchemaError('ERR_KONG_SCHEMA', 'An entity lacks the field of its own primary key. Report this to kong-ts.')
  }
  if (value === undefined || value === false) return texts.missingPrimaryKey
  const isNeeded = isTruthy(field.required) || field.isAuto
  return isNeeded && value === null ? texts.required : validateField(field, value)?.error
}

/** A check written as a function needs every field that is not nilable; where one is missing it does not run. */
const runSelfCheck = (schema: RecordSchema, check: (input: LuaRecord) => ErrorTable, input: LuaTable, errors: ErrorTable): void => {
  const missing = schema.fields.filter(({ name, field }) => getKey(input, name) === undefined && !field.isNilable)
  for (const { name } of missing) errors.set(name, texts.requiredForCheck)
  if (missing.length > 0) return
  for (const [key, error] of check(toRecord(input))) {
    if (typeof key === 'number') addEntityError(errors, error)
    else errors.set(key, error)
  }
}
