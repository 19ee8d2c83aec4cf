import type { FieldNotes } from '../declaration/field-notes.js'
import type { ValueRules } from '../declaration/value-rules.js'
import type { FieldAttributes } from '../definition/field-definition.js'
import type { JsonValue } from '@kong-ts/schema'

type AttributeOptions = ValueRules & FieldNotes

/** Kong's name of each attribute option. A new option does not compile until it is named here. */
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

/** The one attribute whose parts have names of their own. */
function deprecationInKong(deprecation: FieldNotes['deprecation']): JsonValue | undefined {
  if (deprecation === undefined) return undefined
  const { message, removalInVersion, oldDefault, replacedWith } = deprecation
  return {
    message,
    removal_in_version: removalInVersion,
    ...(oldDefault === undefined ? {} : { old_default: oldDefault }),
    ...(replacedWith === undefined ? {} : { replaced_with: replacedWith.map(({ path }) => ({ path: [...path] })) }),
  }
}

/** `err: undefined` in a list of patterns is left out, since JSON has no undefined. */
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
