import type { JsonValue } from '@kong-ts/schema'
import type { ValueNotes, ValueRules } from '../declaration/value-options.js'

/** Attributes of a field under Kong's own names, as they stand in the dump: `one_of`, `len_min` … */
export type FieldAttributes = Readonly<Record<string, JsonValue>>

type AttributeOptions = ValueRules & ValueNotes

/** Kong's name of each option. A new option does not compile until it is named here. */
const KONG_NAMES: Readonly<Record<keyof AttributeOptions, string>> = {
  eq: 'eq',
  ne: 'ne',
  oneOf: 'one_of',
  notOneOf: 'not_one_of',
  between: 'between',
  gt: 'gt',
  timestamp: 'timestamp',
  lenEq: 'len_eq',
  lenMin: 'len_min',
  lenMax: 'len_max',
  match: 'match',
  notMatch: 'not_match',
  matchAll: 'match_all',
  matchAny: 'match_any',
  matchNone: 'match_none',
  startsWith: 'starts_with',
  isRegex: 'is_regex',
  uuid: 'uuid',
  contains: 'contains',
  mutuallyExclusiveSubsets: 'mutually_exclusive_subsets',
  unique: 'unique',
  transient: 'transient',
  referenceable: 'referenceable',
  encrypted: 'encrypted',
  err: 'err',
  description: 'description',
  examples: 'examples',
  deprecation: 'deprecation',
}

const OPTIONS = Object.keys(KONG_NAMES) as readonly (keyof typeof KONG_NAMES)[]

/** The attributes among the options, under Kong's names. */
export function toKongAttributes(options: AttributeOptions): FieldAttributes {
  const attributes: Record<string, JsonValue> = {}
  for (const option of OPTIONS) {
    const value = option === 'deprecation' ? deprecationInKong(options.deprecation) : attributeInKong(option, options)
    if (value !== undefined) attributes[KONG_NAMES[option]] = value
  }
  return attributes
}

/** The only attribute whose parts have other names in Kong. */
function deprecationInKong(deprecation: ValueNotes['deprecation']): JsonValue | undefined {
  if (deprecation === undefined) return undefined
  const { message, removalInVersion, oldDefault, replacedWith } = deprecation
  return {
    message,
    removal_in_version: removalInVersion,
    ...(oldDefault === undefined ? {} : { old_default: oldDefault }),
    ...(replacedWith === undefined ? {} : { replaced_with: replacedWith.map(({ path }) => ({ path: [...path] })) }),
  }
}

/** Leaves out `err: undefined` in lists of patterns, because JSON has no undefined. */
function attributeInKong(option: Exclude<keyof AttributeOptions, 'deprecation'>, options: AttributeOptions): JsonValue | undefined {
  switch (option) {
    case 'matchAll':
    case 'matchNone':
      return options[option]?.map(({ pattern, err }) => (err === undefined ? { pattern } : { pattern, err }))
    case 'matchAny': {
      const { matchAny } = options
      if (matchAny === undefined) return undefined
      return matchAny.err === undefined ? { patterns: matchAny.patterns } : { patterns: matchAny.patterns, err: matchAny.err }
    }
    default:
      return options[option]
  }
}

/**
 * Combines two sets of attributes, so that a value must pass both: ranges and lengths are narrowed (`@Min(1) @Max(500)` become one
 * `between: [1, 500]`), lists of values are intersected, patterns are collected.
 *
 * @returns `undefined` when one schema cannot contain both.
 */
export function mergeAttributes(one: FieldAttributes, other: FieldAttributes): FieldAttributes | undefined {
  const merged: Record<string, JsonValue> = { ...one }
  for (const [name, value] of Object.entries(other)) {
    const present = merged[name]
    if (present === undefined) merged[name] = value
    else if (!mergeInto(merged, name, present, value)) return undefined
  }
  return merged
}

/** Where a second pattern goes: `match` and `not_match` hold only one. */
const PATTERN_LISTS: Readonly<Record<string, string>> = { match: 'match_all', not_match: 'match_none' }

function mergeInto(merged: Record<string, JsonValue>, name: string, present: JsonValue, value: JsonValue): boolean {
  if (JSON.stringify(present) === JSON.stringify(value)) return true
  const list = PATTERN_LISTS[name]
  if (list !== undefined) {
    merged[list] = [...listOf(merged[list]), { pattern: value }]
    return true
  }
  const both = mergedValue(name, present, value)
  if (both === undefined) return false
  merged[name] = both
  return true
}

function mergedValue(name: string, present: JsonValue, value: JsonValue): JsonValue | undefined {
  switch (name) {
    case 'between':
      return isRange(present) && isRange(value) ? nonEmptyRange(Math.max(present[0], value[0]), Math.min(present[1], value[1])) : undefined
    case 'gt':
    case 'len_min':
      return typeof present === 'number' && typeof value === 'number' ? Math.max(present, value) : undefined
    case 'len_max':
      return typeof present === 'number' && typeof value === 'number' ? Math.min(present, value) : undefined
    case 'one_of': {
      const common = listOf(present).filter((item) => listOf(value).includes(item))
      return common.length === 0 ? undefined : common
    }
    case 'not_one_of':
      return [...new Set([...listOf(present), ...listOf(value)])]
    case 'match_all':
    case 'match_none':
      return [...listOf(present), ...listOf(value)]
    default:
      return undefined
  }
}

function nonEmptyRange(min: number, max: number): JsonValue | undefined {
  return min <= max ? [min, max] : undefined
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function isRange(value: JsonValue): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((bound) => typeof bound === 'number')
}
