import { SchemaError } from '../language/schema-error.js'
import { LuaError, raise } from '../lua/lua-error.js'
import { isTable, isTruthy, luaType, type LuaTable, type LuaValue } from '../lua/lua-table.js'
import { fromLuaText, luaToString } from '../lua/lua-text.js'
import { isVaultReference } from '../lua/vault-reference.js'
import { validateJsonField } from './json-field.js'
import {
  addEntityError,
  eqText,
  neText,
  pathText,
  texts,
  typeTexts,
  type Doubt,
  type ErrorKey,
  type ErrorNode,
  type ErrorTable,
  type Failure,
  type TextAtPath,
} from './kong-errors.js'
import { INSERT, processFields, recordOf, subschemaOf } from './process-fields.js'
import { runEntityChecks } from './run-entity-checks.js'
import type { Field, RecordSchema } from './schema-model.js'

/** What became of a record. */
export interface Validation {
  /** Errors by field, or undefined when Kong takes the record. */
  readonly errors: ErrorTable | undefined
  /** Checks that kong-ts cannot decide; none of them is an error. */
  readonly doubts: readonly TextAtPath[]
}

/**
 * Validates a complete record as Kong does.
 *
 * @throws LuaError where Kong's own code raises.
 */
export function validateRecord(schema: RecordSchema, input: LuaTable): Validation {
  const validator = new Validator()
  const errors = validator.record(schema, input, true)
  return { errors, doubts: validator.doubts() }
}

/** Whether a value may be missing: elements, keys and values of a container never may. */
type Presence = 'as-declared' | 'required'

class Validator {
  /** Doubts with the steps of their path, innermost first. */
  readonly #doubts: { readonly steps: ErrorKey[]; readonly text: string }[] = []

  doubts(): readonly TextAtPath[] {
    return this.#doubts.map(({ steps, text }) => ({ path: pathText(steps.toReversed()), text: fromLuaText(text) }))
  }

  record(schema: RecordSchema, input: LuaTable, full: boolean): ErrorTable | undefined {
    const subschema = subschemaOf(schema, input)
    const key = schema.subschemaKey
    if (key !== undefined && subschema === undefined) return new Map([[key, subschemaError(schema, input.get(key))]])
    const errors = this.#fields(schema, subschema, input)
    for (const { name, field } of schema.fields) {
      if (!isTruthy(field.required)) continue
      const value = input.get(name)
      if (value === null || (full && value === undefined)) errors.set(name, texts.required)
    }
    this.#entityChecks(schema, schema.byName, input, full, errors)
    if (subschema !== undefined && hasEntityChecks(subschema)) {
      this.#entityChecks(subschema, new Map([...schema.byName, ...subschema.byName]), input, full, errors)
    }
    if (full && schema.selfCheck !== undefined) runSelfCheck(schema, schema.selfCheck, input, errors)
    return errors.size === 0 ? undefined : errors
  }

  #entityChecks(schema: RecordSchema, byName: RecordSchema['byName'], input: LuaTable, full: boolean, errors: ErrorTable): void {
    if (!hasEntityChecks(schema)) return
    const { features, overlay } = schema
    runEntityChecks(schema, { features, overlay, byName, match: (field, value) => this.#match(field, value) }, input, full, errors)
  }

  #fields(schema: RecordSchema, subschema: RecordSchema | undefined, input: LuaTable): ErrorTable {
    const errors: ErrorTable = new Map<ErrorKey, ErrorNode>()
    input.forEach((value, key) => {
      if (typeof key !== 'string' && typeof key !== 'number') return
      const failure = this.#at(key, () => this.#member(schema, subschema, String(key), value, input))
      if (failure?.error !== undefined) errors.set(key, failure.error)
    })
    return errors
  }

  /** Runs a check of a member; doubts that arise in it belong to the member. */
  #at<Result>(key: ErrorKey, check: () => Result): Result {
    const before = this.#doubts.length
    const result = check()
    for (let index = before; index < this.#doubts.length; index++) this.#doubts[index]?.steps.push(key)
    return result
  }

  #member(schema: RecordSchema, subschema: RecordSchema | undefined, name: string, value: LuaValue, input: LuaTable): Failure | undefined {
    const { features } = schema
    const own = schema.byName.get(name)
    const special = subschema?.byName.get(name)
    const isJson = (own?.type === 'json' && features.json) || (features.jsonConfig && special?.type === 'json')
    if (isJson) {
      const field = features.jsonConfig ? (special ?? own) : own
      return field === undefined ? undefined : this.#settle(validateJsonField(field, name, value, input))
    }
    if (own?.type === 'self') return this.#self(schema, value, input)
    if (name === 'updated_at' && features.updatedAt) return undefined
    const field = own === undefined ? undefined : (special ?? own)
    return field === undefined ? { error: texts.unknown } : this.field(field, value)
  }

  /** Holds a value against a match of an entity check. A doubt is noted here, and the check hears of it too. */
  #match(field: Field, value: LuaValue): Failure | Doubt | undefined {
    const before = this.#doubts.length
    const failure = this.field(field, value)
    const doubt = this.#doubts[before]
    return failure ?? (doubt === undefined ? undefined : { doubt: doubt.text })
  }

  /** Notes a doubt; a failure passes. */
  #settle(result: Failure | Doubt | undefined): Failure | undefined {
    if (result === undefined || !('doubt' in result)) return result
    this.#doubts.push({ steps: [], text: result.doubt })
    return undefined
  }

  /** The value must fit the definition that it is an attribute of. A crash on the way is an error of the definition. */
  #self(schema: RecordSchema, value: LuaValue, input: LuaTable): Failure | undefined {
    try {
      return this.field(schema.overlay(undefined, input), value)
    } catch (error) {
      if (error instanceof LuaError) return { error: texts.cannotValidate }
      throw error
    }
  }

  /** Validates one value against its field definition. */
  field(field: Field, value: LuaValue, presence: Presence = 'as-declared'): Failure | undefined {
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
      throw new LuaError(`attempt to index field 'deprecation' (a ${luaType(deprecation)} value)`)
    }
    if (type === 'any') return value === undefined ? undefined : this.#rules(field, value)
    const failure = this.#type(field, value)
    if (failure !== undefined || value === undefined) return failure
    if (type === 'string' && field.isReferenceable && isVaultReference(value)) return undefined
    return this.#rules(field, value)
  }

  #rules(field: Field, value: LuaValue): Failure | undefined {
    for (const rule of field.rules) {
      const failure = this.#settle(rule(value))
      if (failure !== undefined) return { error: errOr(field.err, failure.error ?? null) }
    }
    return undefined
  }

  #type(field: Field, value: LuaValue): Failure | undefined {
    const { type } = field
    switch (type) {
      case 'array':
      case 'set':
        return isTable(value) && value.isSequence ? this.#elements(field, value) : wrongType(type)
      case 'map':
        return isTable(value) ? this.#entries(field, value) : wrongType(type)
      case 'record': {
        if (!isTable(value)) return wrongType(type)
        const schema = recordOf(field)
        const errors = this.record(schema, processFields(schema, value.deepCopy(), INSERT), true)
        return errors === undefined ? undefined : { error: errors }
      }
      case 'foreign':
        return field.entity === undefined ? undefined : this.#foreign(field.entity, value)
      case 'integer':
        return Number.isInteger(value) ? undefined : wrongType(type)
      case 'string':
      case 'number':
      case 'boolean':
        return typeof value === type ? undefined : wrongType(type)
      case 'function':
        return wrongType(type)
      default:
        return type === 'json' && field.features.json ? wrongType(type) : { error: `invalid type: ${luaToString(type)}` }
    }
  }

  #elements(field: Field, list: LuaTable): Failure | undefined {
    const element = childOf(field, 'elements')
    const errors: ErrorTable = new Map<ErrorKey, ErrorNode>()
    let isValid = true
    for (const [index, value] of list.elements.entries()) {
      const failure = this.#at(index + 1, () => this.field(element, value, 'required'))
      if (failure === undefined) continue
      isValid = false
      if (failure.error !== undefined) errors.set(index + 1, failure.error)
    }
    return isValid ? undefined : { error: errors }
  }

  #entries(field: Field, map: LuaTable): Failure | undefined {
    const keys = childOf(field, 'keys')
    const values = childOf(field, 'values')
    for (const [key, value] of map) {
      const step = typeof key === 'string' || typeof key === 'number' ? key : luaToString(key)
      const failure = this.#at(step, () => this.field(keys, key, 'required') ?? this.field(values, value, 'required'))
      if (failure !== undefined) return failure
    }
    return undefined
  }

  #foreign(entity: RecordSchema, value: LuaValue): Failure | undefined {
    const primaryKey = entity.primaryKey ?? raise("attempt to get length of local 'primary_key' (a nil value)")
    const errors: ErrorTable = new Map<ErrorKey, ErrorNode>()
    for (const name of primaryKey) {
      const error = this.#primaryKey(entity.byName.get(name), foreignMember(value, name))
      if (error !== undefined) errors.set(name, error)
    }
    if (errors.size === 0) return undefined
    const whole = isTable(value) ? this.record(entity, value, false) : undefined
    return { error: whole ?? errors }
  }

  #primaryKey(field: Field | undefined, value: LuaValue): ErrorNode | undefined {
    if (field === undefined) {
      throw new SchemaError('ERR_KONG_SCHEMA', 'An entity lacks the field of its own primary key. Report this to kong-ts.')
    }
    if (value === undefined || value === false) return texts.missingPrimaryKey
    const isNeeded = isTruthy(field.required) || field.isAuto
    return isNeeded && value === null ? texts.required : this.field(field, value)?.error
  }
}

function hasEntityChecks({ entityChecks, brokenChecks }: RecordSchema): boolean {
  return entityChecks.length > 0 || brokenChecks !== undefined
}

function subschemaError(schema: RecordSchema, value: LuaValue): string {
  if (value === undefined || value === null) return texts.required
  const named = luaToString(isTable(value) ? value.get(1) : value)
  return schema.subschemaError?.(named) ?? `unknown type: ${named}`
}

function errOr(err: LuaValue, text: ErrorNode): ErrorNode {
  return err === null || typeof err === 'string' ? err : text
}

function wrongType(type: string): Failure {
  return { error: typeTexts[type] }
}

function childOf(field: Field, name: 'elements' | 'keys' | 'values'): Field {
  return field[name] ?? raise(`attempt to index field '${name}' (a ${luaType(field.attributes.get(name))} value)`)
}

function foreignMember(value: LuaValue, name: string): LuaValue {
  if (isTable(value)) return value.get(name)
  if (typeof value === 'string') return undefined
  throw new LuaError(`attempt to index local 'pk' (a ${luaType(value)} value)`)
}

/** A check that Kong writes as a function needs every field that is not nilable; where one is missing it does not run. */
function runSelfCheck(schema: RecordSchema, check: (input: LuaTable) => ErrorTable, input: LuaTable, errors: ErrorTable): void {
  const missing = schema.fields.filter(({ name, field }) => input.get(name) === undefined && !field.isNilable)
  for (const { name } of missing) errors.set(name, texts.requiredForCheck)
  if (missing.length > 0) return
  for (const [key, error] of check(input)) {
    if (typeof key === 'number') addEntityError(errors, error)
    else errors.set(key, error)
  }
}
