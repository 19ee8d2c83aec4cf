/** A Lua pattern with the text of the error when it decides against the value. */
export interface PatternRule {
  readonly pattern: string
  readonly err?: string
}

/** Kong's validators in camelCase: which values a field takes. */
export interface ValueRules {
  /** The value must equal this. Other than the rest it also decides about a missing value, which equals nothing but null. */
  readonly eq?: string | number | boolean | null
  /** The value must differ from this. */
  readonly ne?: string | number | boolean | null
  /** One of these. */
  readonly oneOf?: readonly (string | number)[]
  /** None of these. */
  readonly notOneOf?: readonly (string | number)[]
  /** Inclusive range (whole numbers only before Kong 3.4). */
  readonly between?: readonly [min: number, max: number]
  /** Strictly greater. */
  readonly gt?: number
  /** A point in time: greater than 0. */
  readonly timestamp?: boolean
  /** Exact length: elements, or bytes of a string. */
  readonly lenEq?: number
  /** Least length. A string refuses `""` unless this is 0. */
  readonly lenMin?: number
  /** Greatest length. */
  readonly lenMax?: number
  /** A LUA pattern, unanchored: `^%d+$`, not a regular expression. */
  readonly match?: string
  /** A Lua pattern that must not match. */
  readonly notMatch?: string
  /** Lua patterns that all must match. */
  readonly matchAll?: readonly PatternRule[]
  /** Lua patterns of which one must match. */
  readonly matchAny?: { readonly patterns: readonly string[]; readonly err?: string }
  /** Lua patterns of which none may match. */
  readonly matchNone?: readonly PatternRule[]
  /** The text begins so. */
  readonly startsWith?: string
  /** The text is a regular expression (PCRE) that compiles. */
  readonly isRegex?: boolean
  /** The text is a UUID. */
  readonly uuid?: boolean
  /** This element is present. */
  readonly contains?: string | number
  /** Elements from at most one of these subsets. */
  readonly mutuallyExclusiveSubsets?: readonly (readonly string[])[]
}
