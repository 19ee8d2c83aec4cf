import type { BooleanElement, NumberElement, TextElement } from './scalar-element.js'
import type { ValueRules } from './value-rules.js'

/** Fields by Kong's names, dotted into records: `max_calls`, `redis.host`; with `config.` in front in checks over the whole plugin. */
export type FieldNames = readonly [string, ...string[]]

/**
 * What the value of a field must be for a conditional check: Kong's validators.
 *
 * A missing value passes all of them but `eq`, `ne: null` and `required`.
 */
export interface FieldMatch extends ValueRules {
  /** The field is there. */
  readonly required?: boolean
  /** Arrays and sets: what every element must be. */
  readonly elements?: MatchedElement
  /** Maps: what every key must be. */
  readonly keys?: MatchedElement
  /** Maps: what every value must be. */
  readonly values?: MatchedElement
}

/** Elements in a `FieldMatch`. */
export type MatchedElement = TextElement | NumberElement | BooleanElement

/** When one field has certain values, another must have certain values. */
export interface ConditionalCheck {
  readonly ifField: string
  readonly ifMatch: FieldMatch
  readonly thenField: string
  readonly thenMatch: FieldMatch
  /** Instead of Kong's text about the check; `%s` in it becomes the name of the first field. */
  readonly thenErr?: string
}

/** When one field has certain values, one of several others must be given. */
export interface ConditionalAtLeastOneOf {
  readonly ifField: string
  readonly ifMatch: FieldMatch
  readonly thenAtLeastOneOf: FieldNames
  /** Instead of Kong's text; `%s` in it becomes the list of fields. */
  readonly thenErr?: string
  readonly elseMatch?: FieldMatch
  readonly elseThenAtLeastOneOf?: FieldNames
  readonly elseThenErr?: string
}

/**
 * A check over several fields, one per object. Given means: not null, not `""`, not an empty list or map; `false` and 0 are given, and so
 * is
 * what Kong filled in as a default.
 */
export type EntityCheck =
  | { readonly atLeastOneOf: FieldNames }
  | { readonly onlyOneOf: FieldNames }
  /** No two of the fields have the same value. */
  | { readonly distinct: FieldNames }
  /** All of the fields are given, or none. */
  | { readonly mutuallyRequired: FieldNames }
  /** At most one of the fields is given. */
  | { readonly mutuallyExclusive: FieldNames }
  /** Fields of at most one of the two sets are given. */
  | { readonly mutuallyExclusiveSets: { readonly set1: FieldNames; readonly set2: FieldNames } }
  | { readonly conditional: ConditionalCheck }
  | { readonly conditionalAtLeastOneOf: ConditionalAtLeastOneOf }
