import type { JsonValue } from '../language/kong-schema.js'
import { LuaError } from '../lua/lua-error.js'
import { isTable, luaType, type LuaValue } from '../lua/lua-table.js'
import { fromLuaText, luaToString, formatInteger } from '../lua/lua-text.js'

/** What Kong says about a value: a text, a table of texts by key, or null where a schema's `err` is null. */
export type ErrorNode = string | null | ErrorTable
export type ErrorTable = Map<ErrorKey, ErrorNode>
/** Name of a field, or position in a list from 1. */
export type ErrorKey = string | number

/** A failed check. Now and then Kong's code fails without a text; then `error` is undefined. */
export interface Failure {
  readonly error: ErrorNode | undefined
}

/** A check that kong-ts cannot decide as Kong does. It never refuses a value. */
export interface Doubt {
  readonly doubt: string
}

/** A text that belongs to a path. */
export interface TextAtPath {
  /** Such as `config.rules[2].path`. Positions count from 1, as in Lua. */
  readonly path: string
  readonly text: string
}

/** Texts that users of Kong know from its Admin API. Tools compare them, so they are the same here. */
export const texts = {
  required: 'required field missing',
  unknown: 'unknown field',
  abstract: 'error in schema definition: abstract field was not specialized',
  cannotValidate: 'error in schema prevents from validating this field',
  requiredForCheck: 'field required for entity check',
  missingPrimaryKey: 'missing primary key',
  timestamp: 'expected a valid timestamp',
  uuid: 'expected a valid UUID',
  inputTable: 'expected an input table',
} as const

/** Texts for a value of the wrong type, by Kong type. Type json has none. */
export const typeTexts: Readonly<Record<string, string>> = {
  array: 'expected an array',
  set: 'expected a set',
  map: 'expected a map',
  record: 'expected a record',
  string: 'expected a string',
  number: 'expected a number',
  boolean: 'expected a boolean',
  integer: 'expected an integer',
  function: 'expected a function',
}

export function eqText(wanted: LuaValue): string {
  return `value must be ${wanted === null ? 'null' : luaToString(wanted)}`
}

export function neText(unwanted: LuaValue): string {
  return `value must not be ${unwanted === null ? 'null' : luaToString(unwanted)}`
}

export function betweenText(low: LuaValue, high: LuaValue): string {
  return `value should be between ${formatInteger(low)} and ${formatInteger(high)}`
}

export function lengthText(rule: 'len_eq' | 'len_min' | 'len_max', length: LuaValue): string {
  return `length must be ${{ len_eq: '', len_min: 'at least ', len_max: 'at most ' }[rule]}${formatInteger(length)}`
}

export function invalidText(value: LuaValue): string {
  return `invalid value: ${luaToString(value)}`
}

/** Texts of entity checks. The argument is the list or field that the check names. */
export const entityCheckTexts: Readonly<Record<string, (named: string) => string>> = {
  at_least_one_of: (list) => `at least one of these fields must be non-empty: ${list}`,
  conditional_at_least_one_of: (list) => `at least one of these fields must be non-empty: ${list}`,
  only_one_of: (list) => `exactly one of these fields must be non-empty: ${list}`,
  distinct: (list) => `values of these fields must be distinct: ${list}`,
  mutually_required: (list) => `all or none of these fields must be set: ${list}`,
  mutually_exclusive: (list) => `only one or none of these fields must be set: ${list}`,
  mutually_exclusive_sets: (list) => `these sets are mutually exclusive: ${list}`,
  conditional: (field) => `failed conditional validation given value of field '${field}'`,
}

/** Words in single quotes, inner lists in brackets. */
export function quotedList(words: readonly LuaValue[]): string {
  return words.map((word) => (isTable(word) ? `(${quotedList(word.elements)})` : `'${luaToString(word)}'`)).join(', ')
}

/** Key under which errors of entity checks are listed. */
const ENTITY = '@entity'

export function addEntityError(errors: ErrorTable, error: ErrorNode): void {
  const list = errors.get(ENTITY)
  if (list instanceof Map) list.set(list.size + 1, error)
  else errors.set(ENTITY, new Map([[1, error]]))
}

/** Puts an error at a dotted path, tables in between included. */
export function setErrorAt(errors: ErrorTable, path: string, error: ErrorNode): void {
  let table = errors
  const names = path.split('.')
  const last = names.pop() ?? path
  for (const name of names) {
    const next = table.get(name)
    if (next !== undefined && !(next instanceof Map)) throw new LuaError(`attempt to index local 'tbl' (a ${luaType(next)} value)`)
    const inner: ErrorTable = next ?? new Map<ErrorKey, ErrorNode>()
    table.set(name, inner)
    table = inner
  }
  table.set(last, error)
}

/** The error as the Admin API's JSON shows it: a list has null for elements without an error, and ends with the last error. */
export function errorToJson(error: ErrorNode): JsonValue {
  if (typeof error === 'string') return fromLuaText(error)
  if (error === null) return null
  const keys = [...error.keys()]
  if (keys.length > 0 && keys.every((key) => typeof key === 'number')) {
    return Array.from({ length: Math.max(...keys) }, (_, index) => errorToJson(error.get(index + 1) ?? null))
  }
  return Object.fromEntries([...error].map(([key, node]) => [fromLuaText(String(key)), errorToJson(node)]))
}

/** Every text of an error table with its path. */
export function flattenErrors(error: ErrorNode, path: readonly ErrorKey[] = []): TextAtPath[] {
  if (!(error instanceof Map)) {
    const text = error === null ? 'refused without a text, because `err` is null in the schema' : fromLuaText(error)
    return [{ path: pathText(path), text }]
  }
  if (error.size === 0) return [{ path: pathText(path), text: 'refused without a text' }]
  return [...error].flatMap(([key, node]) => flattenErrors(node, [...path, key]))
}

/** A path as people write it: `config.rules[2].name`. */
export function pathText(path: readonly ErrorKey[]): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${fromLuaText(key)}`)).join('')
}
