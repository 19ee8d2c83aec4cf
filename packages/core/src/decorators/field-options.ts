import type { Constructor } from '../metadata/constructor.js'
import type { JsonValue } from '../schema/kong-schema.js'
import type { EntityCheck } from './plugin-options.js'

/** Kong's names of the types that can be said as text; `elements` and `values` may also be a constructor or a record class. */
export type FieldTypeName = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'set' | 'map' | 'record' | 'foreign' | 'json'

/** A type said in `@Field`: Kong's name, `String`, `Number`, `Boolean`, `Array`, `Set`, `Map`, or a class with `@Field`s for a record. */
export type FieldTypeOption = FieldTypeName | Constructor | StringConstructor | NumberConstructor | BooleanConstructor

/** What the elements of an array or set, or the keys and values of a map, are: a type, or a type with rules of its own. */
export type ElementOption = FieldTypeOption | ElementOptions

/** A type with rules, for elements, keys and values. */
export interface ElementOptions extends Omit<FieldOptions, 'name' | 'required' | 'default'> {
  readonly type: FieldTypeOption
}

/** A Lua pattern with the text of the error when it decides against the value. */
export interface PatternRule {
  readonly pattern: string
  readonly err?: string
}

/** A field that will go away: what is told to people who use it. */
export interface Deprecation {
  readonly message: string
  readonly removalInVersion: string
  readonly oldDefault?: JsonValue
}

/**
 * What `@Field` can say: Kong's schema attributes in camelCase. Which of them a field may have depends on its type, and a
 * decorator with an attribute that does not fit the property's type does not compile.
 */
export interface FieldOptions {
  /** Name in Kong's configuration. Default: the property in snake_case. */
  readonly name?: string
  /** Default: what the initialiser shows, else what the compiler noted (`design:type`). */
  readonly type?: FieldTypeOption
  /** Kong refuses a configuration without the field. Default: `true` without initialiser and `@IsOptional()`. A `?` is invisible at run time. */
  readonly required?: boolean
  /** What Kong fills in, in Kong's JSON form. Default: the property's initialiser. */
  readonly default?: JsonValue
  /** Arrays and sets: what they hold. */
  readonly elements?: ElementOption
  /** Maps: what the keys are. Default `String`. */
  readonly keys?: ElementOption
  /** Maps: what the values are. */
  readonly values?: ElementOption
  /** Records: checks over several fields, with Kong's field names. */
  readonly entityChecks?: readonly EntityCheck[]
  /** Foreign: the entity referred to, `services`, `routes`, `consumers` … */
  readonly reference?: string
  /** Json (Kong 3.5+): the JSON schema (draft 4) the value must meet. */
  readonly jsonSchema?: JsonValue
  /** The value must equal this. */
  readonly eq?: JsonValue
  /** The value must differ from this. */
  readonly ne?: JsonValue
  /** One of these. */
  readonly oneOf?: readonly (string | number)[]
  /** None of these. */
  readonly notOneOf?: readonly (string | number)[]
  /** Inclusive range (integers only before Kong 3.4). */
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
  readonly mutuallyExclusiveSubsets?: readonly (readonly (string | number)[])[]
  /** Accepted by Kong, without effect inside a configuration. */
  readonly unique?: boolean
  /** `{vault://…}` is accepted and resolved before the plugin sees it. Never printed. */
  readonly referenceable?: boolean
  /** Stored encrypted (Kong Enterprise keyring). Never printed. */
  readonly encrypted?: boolean
  /** Replaces the text of Kong's validation errors of this field. */
  readonly err?: string
  /** For people, 10 to 500 bytes (Kong 3.4+). */
  readonly description?: string
  /** For people (Kong 3.6+). */
  readonly examples?: readonly JsonValue[]
  /** Kong 3.7+. */
  readonly deprecation?: Deprecation
}

type List = readonly unknown[] | ReadonlySet<unknown>
type Dictionary = ReadonlyMap<unknown, unknown> | object

/** The property types each type-bound option fits. Options that are not here fit every type. */
export interface OptionFits {
  elements: List
  keys: Dictionary
  values: Dictionary
  entityChecks: object
  oneOf: string | number
  between: number
  gt: number
  timestamp: number
  lenEq: string | List | Dictionary
  lenMin: string | List | Dictionary
  lenMax: string | List | Dictionary
  match: string
  notMatch: string
  matchAll: string
  matchAny: string
  matchNone: string
  startsWith: string
  isRegex: string
  uuid: string
  contains: List
  mutuallyExclusiveSubsets: List
  referenceable: string | List
}
