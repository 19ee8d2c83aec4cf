import type { FieldOptions } from '../decorators/field-options.js'
import type { FieldAttributes } from '../definition/field-definition.js'
import type { JsonValue } from './kong-schema.js'

/** Options of `@Field` that are no attributes in Kong: they say what the field is, not which values it takes. */
type Structural = 'name' | 'type' | 'required' | 'default' | 'elements' | 'keys' | 'values' | 'entityChecks' | 'reference' | 'jsonSchema'

/** Kong's name of each attribute option. A new option does not compile until it is named here. */
const KONG_NAMES: Readonly<Record<Exclude<keyof FieldOptions, Structural>, string>> = {
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
  referenceable: 'referenceable',
  encrypted: 'encrypted',
  err: 'err',
  description: 'description',
  examples: 'examples',
  deprecation: 'deprecation',
}

/** The attributes among the options, under Kong's names. */
export function toKongAttributes(options: FieldOptions): FieldAttributes {
  const attributes: Record<string, JsonValue> = {}
  for (const [option, name] of Object.entries(KONG_NAMES)) {
    const value = options[option as keyof typeof KONG_NAMES]
    if (value !== undefined) attributes[name] = option === 'deprecation' && options.deprecation ? deprecationInKong(options.deprecation) : (value as JsonValue)
  }
  return attributes
}

function deprecationInKong({ message, removalInVersion, oldDefault }: NonNullable<FieldOptions['deprecation']>): JsonValue {
  return { message, removal_in_version: removalInVersion, ...(oldDefault === undefined ? {} : { old_default: oldDefault }) }
}
