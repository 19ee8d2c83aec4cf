import { LuaError } from '../lua/lua-error.js'
import { luaToString } from '../lua/lua-text.js'
import { elementsOf, isTable, isTruthy, luaType, type LuaTable, type LuaValue } from '../lua/lua-table.js'
import { matchesPcre } from '../pcre/pcre-pattern.js'
import { jsonMetaSchema, assertCompilable, resolveSchemaReference } from './json-schema-reference.js'
import { dateFormatError, numberError, quoteText, isArray, isDeepEqual, isObject, isOfType, kindOf } from './json-value-rules.js'

export { JSON_SCHEMA_DRAFT_4 } from './json-schema-reference.js'

/** State of the validation of one value. */
interface Document {
  /** The schema in which references are looked up. */
  readonly root: LuaTable
  /** How many schemas contain the current one. */
  readonly depth: number
  /**
   * The value that was validated last. Kong's library keeps the type of a value in a variable that all its validators share. After
   * validating a member it continues with the member's type, so rules for arrays, texts and numbers may meet a value of another type.
   */
  readonly last: { value: LuaValue }
}

/** A schema that refers to itself without end overflows Lua's stack. */
const MAX_DEPTH = 1500

/** The draft-4 meta schema. */
export const JSON_SCHEMA_META = jsonMetaSchema

/**
 * Validates a value against a draft-4 JSON schema the way Kong's library does.
 *
 * @returns the library's text, undefined when the value fits, or a doubt when a `pattern` is one that kong-ts cannot match as PCRE does.
 * @throws LuaError for references that the library cannot follow, or never stops following.
 */
export function validateJson(schema: LuaTable, value: LuaValue): string | JsonDoubt | undefined {
  assertCompilable(schema, JSON_SCHEMA_META)
  try {
    return check(schema, value, { root: schema, depth: 0, last: { value } })
  } catch (error) {
    if (error instanceof UnknownMatch) return { doubt: `whether Kong's PCRE finds the pattern ${error.pattern} in this value` }
    throw error
  }
}

/** The reason why kong-ts cannot decide as Kong does. */
export interface JsonDoubt {
  readonly doubt: string
}

/** Thrown and caught in this file: a pattern without a sure answer leaves the whole value undecided, also below `not` and `oneOf`. */
class UnknownMatch extends Error {
  readonly pattern: string

  constructor(pattern: string) {
    super('unknown match')
    this.pattern = pattern
  }
}

/** Whether a text has a match. @throws UnknownMatch */
function hasMatch(pattern: string, text: string): boolean {
  const isFound = matchesPcre(pattern, text)
  if (isFound === 'unknown') throw new UnknownMatch(pattern)
  return isFound
}

/** Characters of UTF-8 text: every byte but those that continue a character. */
function characterCount(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) if ((text.charCodeAt(index) & 0xc0) !== 0x80) count++
  return count
}

/** Validates a table against the draft-4 schema of schemas; see `validateJson`. */
export function validateJsonSchema(schema: LuaTable): string | JsonDoubt | undefined {
  return validateJson(JSON_SCHEMA_META, schema)
}

function check(given: LuaTable, value: LuaValue, document: Document): string | undefined {
  if (document.depth > MAX_DEPTH) throw new LuaError('stack overflow')
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

function typeError(schema: LuaTable, value: LuaValue): string | undefined {
  const type = schema.get('type')
  if (type === undefined) return undefined
  const names = isTable(type) ? elementsOf(type) : [type]
  if (!names.every((name) => typeof name === 'string' && JSON_TYPES.has(name))) throw new LuaError('invalid JSON type')
  if (!isTable(type)) return isOfType(value, type) ? undefined : `wrong type: expected ${luaToString(type)}, got ${kindOf(value)}`
  if (names.some((one) => isOfType(value, one))) return undefined
  return `wrong type: expected one of ${names.map(luaToString).join(', ')}, got ${kindOf(value)}`
}

function schemasIn(schema: LuaTable, keyword: string): [string, LuaTable][] {
  const map = schema.get(keyword)
  if (!isTable(map)) return []
  return map.entries().flatMap(([key, inner]) => (isTable(inner) ? [[String(key), inner] satisfies [string, LuaTable]] : []))
}

function listIn(schema: LuaTable, keyword: string): LuaValue[] {
  const list = schema.get(keyword)
  return isTable(list) ? elementsOf(list).filter((item) => item !== undefined) : []
}

function tablesIn(schema: LuaTable, keyword: string): LuaTable[] {
  return listIn(schema, keyword).filter(isTable)
}

/** Kong's library looks into an object only when the schema has one of these; `additionalProperties: false` alone is not enough. */
const OBJECT_RULES = [
  'properties',
  'additionalProperties',
  'patternProperties',
  'minProperties',
  'maxProperties',
  'dependencies',
  'required',
]

function objectError(schema: LuaTable, value: LuaValue, document: Document): string | undefined {
  if (!isObject(value) || !OBJECT_RULES.some((rule) => isTruthy(schema.get(rule)))) return undefined
  const required = new Set(listIn(schema, 'required').map(luaToString))
  const dependencies = new Map(schemasIn(schema, 'dependencies'))
  const properties = schemasIn(schema, 'properties')
  for (const [name, inner] of properties) {
    const member = value.get(name)
    if (member === undefined) {
      if (required.has(name)) return `property ${name} is required`
      continue
    }
    const error = check(inner, member, document)
    if (error !== undefined) return `property ${name} validation failed: ${error}`
    const unmet = dependencyError(dependencies.get(name), name, value, document)
    if (unmet !== undefined) return unmet
  }
  for (const name of required) if (value.get(name) === undefined) return `property ${name} is required`
  const declared = new Set(properties.map(([name]) => name))
  for (const [name, dependency] of dependencies) {
    if (declared.has(name) || value.get(name) === undefined) continue
    const unmet = dependencyError(dependency, name, value, document)
    if (unmet !== undefined) return unmet
  }
  return membersError(schema, declared, value, document)
}

function dependencyError(dependency: LuaTable | undefined, name: string, value: LuaTable, document: Document): string | undefined {
  if (dependency === undefined) return undefined
  const names = elementsOf(dependency)
  if (names.length === 0) {
    const error = check(dependency, value, document)
    return error === undefined ? undefined : `failed to validate dependent schema for ${name}: ${error}`
  }
  const missing = names.find((needed) => value.get(luaToString(needed)) === undefined)
  return missing === undefined ? undefined : `property ${luaToString(missing)} is required when ${name} is set`
}

function membersError(schema: LuaTable, declared: ReadonlySet<string>, value: LuaTable, document: Document): string | undefined {
  const patterns = schemasIn(schema, 'patternProperties')
  const additional = schema.get('additionalProperties')
  const members = value.entries()
  for (const [key, member] of members) {
    const name = String(key)
    let isMatched = declared.has(name)
    for (const [pattern, inner] of patterns) {
      if (!hasMatch(pattern, name)) continue
      isMatched = true
      const error = check(inner, member, document)
      if (error !== undefined) return `failed to validate ${name} (matching ${pattern}): ${error}`
    }
    if (isMatched || additional === undefined || additional === true) continue
    if (!isTable(additional)) return `additional properties forbidden, found ${name}`
    const error = check(additional, member, document)
    if (error !== undefined) return `failed to validate additional property ${name}: ${error}`
  }
  const least = schema.get('minProperties')
  if (typeof least === 'number' && members.length < least) return `expect object to have at least ${least} properties`
  const most = schema.get('maxProperties')
  return typeof most === 'number' && members.length > most ? `expect object to have at most ${most} properties` : undefined
}

const ARRAY_RULES = ['items', 'minItems', 'maxItems', 'uniqueItems']

function arrayError(schema: LuaTable, value: LuaValue, document: Document): string | undefined {
  if (!isArray(document.last.value) || !ARRAY_RULES.some((rule) => isTruthy(schema.get(rule)))) return undefined
  if (!isTable(value)) throw new LuaError(`attempt to get length of a ${luaType(value)} value`)
  const list = elementsOf(value)
  const least = schema.get('minItems')
  if (typeof least === 'number' && list.length < least) return `expect array to have at least ${luaToString(least)} items`
  const most = schema.get('maxItems')
  if (typeof most === 'number' && list.length > most) return `expect array to have at most ${luaToString(most)} items`
  return itemsError(schema, list, document) ?? uniqueError(schema, list)
}

function itemsError(schema: LuaTable, list: readonly LuaValue[], document: Document): string | undefined {
  const items = schema.get('items')
  if (!isTable(items)) return undefined
  const tuple = elementsOf(items)
  const additional = schema.get('additionalItems')
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

function uniqueError(schema: LuaTable, list: readonly LuaValue[]): string | undefined {
  if (schema.get('uniqueItems') !== true) return undefined
  for (let later = 1; later < list.length; later++) {
    const earlier = list.findIndex((item, index) => index < later && isDeepEqual(item, list[later]))
    if (earlier >= 0) return `expected unique items but items ${later + 1} and ${earlier + 1} are equal`
  }
  return undefined
}

const STRING_RULES = ['minLength', 'maxLength', 'pattern', 'format']

function stringError(schema: LuaTable, value: LuaValue, { last }: Document): string | undefined {
  if (typeof last.value !== 'string' || !STRING_RULES.some((rule) => isTruthy(schema.get(rule)))) return undefined
  if (typeof value !== 'string') throw new LuaError(`bad argument #1 to 'len' (string expected, got ${luaType(value)})`)
  const length = characterCount(value)
  const least = schema.get('minLength')
  if (typeof least === 'number' && length < least) return `string too short, expected at least ${least}, got ${length}`
  const most = schema.get('maxLength')
  if (typeof most === 'number' && length > most) return `string too long, expected at most ${most}, got ${length}`
  const pattern = schema.get('pattern')
  if (typeof pattern === 'string' && !hasMatch(pattern, value)) return `failed to match pattern ${pattern} with ${quoteText(value)}`
  const format = schema.get('format')
  return typeof format === 'string' ? dateFormatError(format, value) : undefined
}

function enumError(schema: LuaTable, value: LuaValue): string | undefined {
  if (schema.get('enum') === undefined) return undefined
  const allowed = listIn(schema, 'enum')
  return allowed.some((one) => isDeepEqual(one, value)) ? undefined : 'matches none of the enum values'
}

function compoundError(schema: LuaTable, value: LuaValue, document: Document): string | undefined {
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
  const not = schema.get('not')
  return isTable(not) && check(not, value, document) === undefined ? "value wasn't supposed to match schema" : undefined
}
