import { LuaRaise } from '../schema-values/lua-raise.js'
import { luaToString, luaTypeName } from '../schema-values/lua-text.js'
import { elementsOf, getKey, isTable, isTruthy, tableEntries, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'
import { matchesPcre } from '../regex/pcre-pattern.js'
import { dateFormatError } from './date-format.js'
import { jsonMetaSchema } from './json-meta-schema.js'
import { assertCompilable } from './json-schema-compilable.js'
import { resolveSchemaReference } from './json-schema-reference.js'
import { numberError } from './json-number-rules.js'
import { isArray, isDeepEqual, isObject, isOfType, kindOf } from './json-value-kind.js'

export { JSON_SCHEMA_DRAFT_4 } from './json-schema-reference.js'

/** What is shared while one value is validated. */
interface Document {
  /** Where references are followed. */
  readonly root: LuaTable
  /** How deep they have led. */
  readonly depth: number
  /**
   * The value that was looked at last. Kong's library keeps the type of a value in a place that all its validators share, so after
   * validating a member it goes on by the member's type: rules for arrays, texts and numbers may then meet a value of another type.
   */
  readonly last: { value: LuaValue }
}

/** A schema that refers to itself without getting anywhere ends in an overflow of Lua's stack. */
const MAX_DEPTH = 1500

/** The draft-4 meta schema. */
export const JSON_SCHEMA_META: LuaTable = isTable(jsonMetaSchema) ? jsonMetaSchema : {}

/**
 * Validates a value against a draft-4 JSON schema the way Kong's library does, and answers with its text.
 *
 * @throws LuaRaise for references that the library cannot follow, or never stops following.
 */
export const validateJson = (schema: LuaTable, value: LuaValue): string | undefined => {
  assertCompilable(schema, JSON_SCHEMA_META)
  return check(schema, value, { root: schema, depth: 0, last: { value } })
}

/** Whether a table is a draft-4 schema, or what is wrong with it. */
export const validateJsonSchema = (schema: LuaTable): string | undefined => validateJson(JSON_SCHEMA_META, schema)

const check = (given: LuaTable, value: LuaValue, document: Document): string | undefined => {
  if (document.depth > MAX_DEPTH) throw new LuaRaise('stack overflow')
  const { schema, root } = resolveSchemaReference(given, document.root, JSON_SCHEMA_META)
  const inner: Document = { ...document, root, depth: document.depth + 1 }
  inner.last.value = value
  return (
    typeError(schema, value) ??
    objectError(schema, value, inner) ??
    arrayError(schema, value, inner) ??
    stringError(schema, value, inner) ??
    (typeof inner.last.value === 'number' ? numberError(schema, value) : undefined) ??
    enumError(schema, value) ??
    compoundError(schema, value, inner)
  )
}

const JSON_TYPES: ReadonlySet<string> = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string', 'table', 'function'])

const typeError = (schema: LuaTable, value: LuaValue): string | undefined => {
  const type = getKey(schema, 'type')
  if (type === undefined) return undefined
  const names = isTable(type) ? elementsOf(type) : [type]
  if (!names.every((name) => typeof name === 'string' && JSON_TYPES.has(name))) throw new LuaRaise('invalid JSON type')
  if (!isTable(type)) return isOfType(value, type) ? undefined : `wrong type: expected ${luaToString(type)}, got ${kindOf(value)}`
  if (names.some((one) => isOfType(value, one))) return undefined
  return `wrong type: expected one of ${names.map(luaToString).join(', ')}, got ${kindOf(value)}`
}

const schemasIn = (schema: LuaTable, keyword: string): [string, LuaTable][] => {
  const map = getKey(schema, keyword)
  if (!isTable(map)) return []
  return tableEntries(map).flatMap(([key, inner]) => (isTable(inner) ? [[String(key), inner] satisfies [string, LuaTable]] : []))
}

const listIn = (schema: LuaTable, keyword: string): LuaValue[] => {
  const list = getKey(schema, keyword)
  return isTable(list) ? elementsOf(list).filter((item) => item !== undefined) : []
}

const tablesIn = (schema: LuaTable, keyword: string): LuaTable[] => listIn(schema, keyword).filter(isTable)

/** Without one of them an object is not looked into; `additionalProperties: false` alone is not enough. */
const OBJECT_RULES = [
  'properties',
  'additionalProperties',
  'patternProperties',
  'minProperties',
  'maxProperties',
  'dependencies',
  'required',
]

const objectError = (schema: LuaTable, value: LuaValue, document: Document): string | undefined => {
  if (!isObject(value) || !OBJECT_RULES.some((rule) => isTruthy(getKey(schema, rule)))) return undefined
  const required = new Set(listIn(schema, 'required').map(luaToString))
  const dependencies = new Map(schemasIn(schema, 'dependencies'))
  const properties = schemasIn(schema, 'properties')
  for (const [name, inner] of properties) {
    const member = getKey(value, name)
    if (member === undefined) {
      if (required.has(name)) return `property ${name} is required`
      continue
    }
    const error = check(inner, member, document)
    if (error !== undefined) return `property ${name} validation failed: ${error}`
    const unmet = dependencyError(dependencies.get(name), name, value, document)
    if (unmet !== undefined) return unmet
  }
  for (const name of required) if (getKey(value, name) === undefined) return `property ${name} is required`
  const declared = new Set(properties.map(([name]) => name))
  for (const [name, dependency] of dependencies) {
    if (declared.has(name) || getKey(value, name) === undefined) continue
    const unmet = dependencyError(dependency, name, value, document)
    if (unmet !== undefined) return unmet
  }
  return membersError(schema, declared, value, document)
}

const dependencyError = (dependency: LuaTable | undefined, name: string, value: LuaTable, document: Document): string | undefined => {
  if (dependency === undefined) return undefined
  const names = elementsOf(dependency)
  if (names.length === 0) {
    const error = check(dependency, value, document)
    return error === undefined ? undefined : `failed to validate dependent schema for ${name}: ${error}`
  }
  const missing = names.find((needed) => getKey(value, luaToString(needed)) === undefined)
  return missing === undefined ? undefined : `property ${luaToString(missing)} is required when ${name} is set`
}

const membersError = (schema: LuaTable, declared: ReadonlySet<string>, value: LuaTable, document: Document): string | undefined => {
  const patterns = schemasIn(schema, 'patternProperties')
  const additional = getKey(schema, 'additionalProperties')
  const members = tableEntries(value)
  for (const [key, member] of members) {
    const name = String(key)
    let isMatched = declared.has(name)
    for (const [pattern, inner] of patterns) {
      if (!matchesPcre(pattern, name)) continue
      isMatched = true
      const error = check(inner, member, document)
      if (error !== undefined) return `failed to validate ${name} (matching ${pattern}): ${error}`
    }
    if (isMatched || additional === undefined || additional === true) continue
    if (!isTable(additional)) return `additional properties forbidden, found ${name}`
    const error = check(additional, member, document)
    if (error !== undefined) return `failed to validate additional property ${name}: ${error}`
  }
  const least = getKey(schema, 'minProperties')
  if (typeof least === 'number' && members.length < least) return `expect object to have at least ${least} properties`
  const most = getKey(schema, 'maxProperties')
  return typeof most === 'number' && members.length > most ? `expect object to have at most ${most} properties` : undefined
}

const ARRAY_RULES = ['items', 'minItems', 'maxItems', 'uniqueItems']

const arrayError = (schema: LuaTable, value: LuaValue, document: Document): string | undefined => {
  if (!isArray(document.last.value) || !ARRAY_RULES.some((rule) => isTruthy(getKey(schema, rule)))) return undefined
  if (!isTable(value)) throw new LuaRaise(`attempt to get length of a ${luaTypeName(value)} value`)
  const list = elementsOf(value)
  const least = getKey(schema, 'minItems')
  if (typeof least === 'number' && list.length < least) return `expect array to have at least ${luaToString(least)} items`
  const most = getKey(schema, 'maxItems')
  if (typeof most === 'number' && list.length > most) return `expect array to have at most ${luaToString(most)} items`
  return itemsError(schema, list, document) ?? uniqueError(schema, list)
}

const itemsError = (schema: LuaTable, list: readonly (LuaValue | undefined)[], document: Document): string | undefined => {
  const items = getKey(schema, 'items')
  if (!isTable(items)) return undefined
  const tuple = elementsOf(items)
  const additional = getKey(schema, 'additionalItems')
  for (const [index, item] of list.entries()) {
    const inner = tuple.length === 0 ? items : index < tuple.length ? tuple[index] : additional
    if (inner === false) return 'found unexpected extra items in array'
    if (item === undefined || !isTable(inner)) continue
    const error = check(inner, item, document)
    const what = tuple.length > 0 && index >= tuple.length ? 'additional item' : 'item'
    if (error !== undefined) return `failed to validate ${what} ${index + 1}: ${error}`
  }
  return undefined
}

const uniqueError = (schema: LuaTable, list: readonly (LuaValue | undefined)[]): string | undefined => {
  if (getKey(schema, 'uniqueItems') !== true) return undefined
  for (let later = 1; later < list.length; later++) {
    const earlier = list.findIndex((item, index) => index < later && isDeepEqual(item, list[later]))
    if (earlier >= 0) return `expected unique items but items ${later + 1} and ${earlier + 1} are equal`
  }
  return undefined
}

/** Lua's `%q`. */
const quote = (text: string): string =>
  `"${text
    .replaceAll(/["\\\n]/g, '\\$&')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\000')}"`

const STRING_RULES = ['minLength', 'maxLength', 'pattern', 'format']

const stringError = (schema: LuaTable, value: LuaValue, { last }: Document): string | undefined => {
  if (typeof last.value !== 'string' || !STRING_RULES.some((rule) => isTruthy(getKey(schema, rule)))) return undefined
  if (typeof value !== 'string') throw new LuaRaise(`bad argument #1 to 'len' (string expected, got ${luaTypeName(value)})`)
  const length = [...value].length
  const least = getKey(schema, 'minLength')
  if (typeof least === 'number' && length < least) return `string too short, expected at least ${least}, got ${length}`
  const most = getKey(schema, 'maxLength')
  if (typeof most === 'number' && length > most) return `string too long, expected at most ${most}, got ${length}`
  const pattern = getKey(schema, 'pattern')
  if (typeof pattern === 'string' && !matchesPcre(pattern, value)) return `failed to match pattern ${pattern} with ${quote(value)}`
  const format = getKey(schema, 'format')
  return typeof format === 'string' ? dateFormatError(format, value, quote) : undefined
}

const enumError = (schema: LuaTable, value: LuaValue): string | undefined => {
  if (getKey(schema, 'enum') === undefined) return undefined
  const allowed = listIn(schema, 'enum')
  return allowed.some((one) => isDeepEqual(one, value)) ? undefined : 'matches none of the enum values'
}

const compoundError = (schema: LuaTable, value: LuaValue, document: Document): string | undefined => {
  for (const [index, inner] of tablesIn(schema, 'allOf').entries()) {
    const error = check(inner, value, document)
    if (error !== undefined) return `allOf ${index + 1} failed: ${error}`
  }
  const any = tablesIn(schema, 'anyOf')
  const errors = any.map((inner) => check(inner, value, document))
  if (any.length > 0 && !errors.includes(undefined)) {
    const list = errors.map((error, index) => `${index + 1}) ${error ?? ''}`).join('; ')
    return `object needs one of the following rectifications: ${list}`
  }
  const one = tablesIn(schema, 'oneOf')
  if (one.length > 0) {
    const matching = one.flatMap((inner, index) => (check(inner, value, document) === undefined ? [index + 1] : []))
    if (matching.length > 1) return `value should match only one schema, but matches both schemas ${matching[0]} and ${matching[1]}`
    if (matching.length === 0) return 'value should match only one schema, but matches none'
  }
  const not = getKey(schema, 'not')
  return isTable(not) && check(not, value, document) === undefined ? "value wasn't supposed to match schema" : undefined
}
