import type { BooleanElement, NumberElement, TextElement, ValueRules } from './value-options.js'

/** Fields by Kong's names, with dots into records: `max_calls`, `redis.host`. Checks over the whole plugin entity write `config.max_calls`. */
export type FieldNames = readonly [string, ...string[]]

/**
 * Kong's validators as the condition of a conditional check.
 *
 * A missing value passes all of them except `eq`, `ne: null` and `required`.
 */
export interface FieldMatch extends ValueRules {
  /** The field must be given. */
  readonly required?: boolean
  /** Arrays and sets: the rules for every element. */
  readonly elements?: MatchedElement
  /** Maps: the rules for every key. */
  readonly keys?: MatchedElement
  /** Maps: the rules for every value. */
  readonly values?: MatchedElement
}

/** Elements in a `FieldMatch`. */
export type MatchedElement = TextElement | NumberElement | BooleanElement

/** If one field matches, another field must match too. */
export interface ConditionalCheck {
  readonly ifField: string
  readonly ifMatch: FieldMatch
  readonly thenField: string
  readonly thenMatch: FieldMatch
  /** Replaces Kong's error text. `%s` in it becomes the name of the first field. */
  readonly thenErr?: string
}

/** If one field matches, at least one of several others must be given. */
export interface ConditionalAtLeastOneOf {
  readonly ifField: string
  readonly ifMatch: FieldMatch
  readonly thenAtLeastOneOf: FieldNames
  /** Replaces Kong's error text. `%s` in it becomes the list of fields. */
  readonly thenErr?: string
  readonly elseMatch?: FieldMatch
  readonly elseThenAtLeastOneOf?: FieldNames
  readonly elseThenErr?: string
}

/**
 * A check over several fields; each object holds one. A field counts as given unless it is null, `""`, or an empty list or map: `false`, 0
 * and defaults that Kong filled in count as given.
 */
export type EntityCheck =
  /** At least one of the fields must be given. */
  | { readonly atLeastOneOf: FieldNames }
  /** Exactly one of the fields must be given. */
  | { readonly onlyOneOf: FieldNames }
  /** No two of the fields may have the same value. */
  | { readonly distinct: FieldNames }
  /** All of the fields must be given, or none. */
  | { readonly mutuallyRequired: FieldNames }
  /** At most one of the fields may be given. */
  | { readonly mutuallyExclusive: FieldNames }
  /** Fields of at most one of the two sets may be given. */
  | { readonly mutuallyExclusiveSets: { readonly set1: FieldNames; readonly set2: FieldNames } }
  /** If one field matches, another field must match too. */
  | { readonly conditional: ConditionalCheck }
  /** If one field matches, at least one of several others must be given. */
  | { readonly conditionalAtLeastOneOf: ConditionalAtLeastOneOf }
