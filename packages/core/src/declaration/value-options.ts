import type { JsonValue } from '@kong-ts/schema'

/** A Lua pattern, with the error text for a value that breaks the rule. */
export interface PatternRule {
  readonly pattern: string
  readonly err?: string
}

/** Kong's validators in camelCase: which values a field accepts. */
export interface ValueRules {
  /** The value must equal this. Also decides about a missing value, which equals only null; all other rules skip it. */
  readonly eq?: string | number | boolean | null
  /** The value must differ from this. */
  readonly ne?: string | number | boolean | null
  /** The value must be one of these. */
  readonly oneOf?: readonly (string | number)[]
  /** The value must be none of these. */
  readonly notOneOf?: readonly (string | number)[]
  /** Inclusive range. Kong before 3.4 takes whole numbers only. */
  readonly between?: readonly [min: number, max: number]
  /** The value must be greater than this. */
  readonly gt?: number
  /** A point in time: greater than 0. */
  readonly timestamp?: boolean
  /** Exact length: elements of a list or map, bytes of a string. */
  readonly lenEq?: number
  /** Least length. Kong refuses `""` unless this is 0. */
  readonly lenMin?: number
  /** Greatest length. */
  readonly lenMax?: number
  /** A Lua pattern, not a regular expression, and not anchored: `^%d+$`. */
  readonly match?: string
  /** A Lua pattern that must not match. */
  readonly notMatch?: string
  /** Lua patterns that must all match. */
  readonly matchAll?: readonly PatternRule[]
  /** Lua patterns of which at least one must match. */
  readonly matchAny?: { readonly patterns: readonly string[]; readonly err?: string }
  /** Lua patterns of which none may match. */
  readonly matchNone?: readonly PatternRule[]
  /** The text must start with this. */
  readonly startsWith?: string
  /** The text must be a regular expression (PCRE) that compiles. */
  readonly isRegex?: boolean
  /** The text must be a UUID. */
  readonly uuid?: boolean
  /** The list must contain this element. */
  readonly contains?: string | number
  /** The list may have elements of only one of these subsets. */
  readonly mutuallyExclusiveSubsets?: readonly (readonly string[])[]
}

/** A field that will be removed, and what Kong tells people who use it. */
export interface Deprecation {
  readonly message: string
  /** The version of the plugin or of Kong in which the field is removed, as shown to people. */
  readonly removalInVersion: string
  /** The default that the field used to have. Who sends exactly this value is not warned. */
  readonly oldDefault?: JsonValue
  /** Kong 3.8+: the fields to use instead, each as a path: `{ path: ['redis', 'host'] }`. */
  readonly replacedWith?: readonly { readonly path: readonly [string, ...string[]] }[]
}

/** Attributes of a field, element, key or value that are not rules about its value. */
export interface ValueNotes {
  /** Kong accepts `{vault://…}` and resolves it before the plugin sees the value. The value is never printed. */
  readonly referenceable?: boolean
  /** Kong Enterprise stores the value encrypted (keyring). It is never printed. */
  readonly encrypted?: boolean
  /** Replaces the texts of Kong's validation errors for this field. */
  readonly err?: string
  /** For people, 10 to 500 bytes (Kong 3.4+). */
  readonly description?: string
  /** For people (Kong 3.6+). */
  readonly examples?: readonly JsonValue[]
  /** Kong 3.7+. */
  readonly deprecation?: Deprecation
  /** Kong accepts it, but it has no effect inside a configuration. */
  readonly unique?: boolean
  /** Kong 3.8+: accepted in a configuration, but not stored. */
  readonly transient?: boolean
}

type AnyValue = 'eq' | 'ne' | 'notOneOf'
type OfText = 'match' | 'notMatch' | 'matchAll' | 'matchAny' | 'matchNone' | 'startsWith' | 'isRegex' | 'uuid'
type OfNumber = 'between' | 'gt' | 'timestamp'

/** Rules about lengths. */
export type OfLength = 'lenEq' | 'lenMin' | 'lenMax'

/** The rules of one type. The others are forbidden by name: a type parameter would let them pass. */
export type Rules<K extends keyof ValueRules> = Pick<ValueRules, K> & { readonly [N in Exclude<keyof ValueRules, K>]?: never }

/** Notes of a value that is not text: only text can be a reference to a secret. */
export type PlainNotes = Omit<ValueNotes, 'referenceable'> & { readonly referenceable?: never }

/** Options that say which parts a value has. Each kind of element declares again those that it accepts. */
export interface NoParts {
  readonly elements?: never
  readonly keys?: never
  readonly values?: never
  readonly entityChecks?: never
  readonly reference?: never
  readonly jsonSchema?: never
}

/** Text elements, keys or values with rules. */
export type TextElement = { readonly type: 'string' | StringConstructor } & ValueNotes &
  Rules<AnyValue | 'oneOf' | OfText | OfLength> &
  NoParts

/** Number elements, keys or values with rules. */
export type NumberElement = { readonly type: 'number' | 'integer' | NumberConstructor } & PlainNotes &
  Rules<AnyValue | 'oneOf' | OfNumber> &
  NoParts

/** Boolean elements, keys or values with rules. */
export type BooleanElement = { readonly type: 'boolean' | BooleanConstructor } & PlainNotes & Rules<'eq' | 'ne'> & NoParts
