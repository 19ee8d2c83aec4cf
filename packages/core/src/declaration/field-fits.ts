import type { Constructor } from './constructor.js'
import type { FieldOptions } from './field-options.js'

type List<E = unknown> = readonly E[] | ReadonlySet<E>
/** An ES `Map` of any keys. */
interface MapOf<V> {
  readonly size: number
  get(key: never): V | undefined
}

/** A class with fields is no dictionary: it lacks the index signature. */
type Dictionary<V = unknown> = MapOf<V> | Readonly<Record<string, V>>

/** The property types each type-bound option fits. Options that are not here fit every type. */
interface OptionFits {
  elements: List
  keys: Dictionary
  values: Dictionary
  entityChecks: object
  reference: object
  eq: string | number | boolean
  ne: string | number | boolean
  oneOf: string | number
  notOneOf: string | number
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
  mutuallyExclusiveSubsets: List<string>
  referenceable: string
}

/** What a value of a type said in `@Field` is in TypeScript. */
type ValueOfType<T> = T extends 'string' | StringConstructor
  ? string
  : T extends 'number' | 'integer' | NumberConstructor
    ? number
    : T extends 'boolean' | BooleanConstructor
      ? boolean
      : T extends 'array' | 'set' | ArrayConstructor | SetConstructor
        ? List
        : T extends 'map' | MapConstructor
          ? Dictionary
          : T extends Constructor<infer C>
            ? C
            : T extends { readonly type: infer Inner }
              ? ValueOfType<Inner>
              : T extends 'record' | 'foreign'
                ? object
                : unknown

/** The type that a value given in an option has, without its literal. */
type Widened<V> = V extends string
  ? string
  : V extends number
    ? number
    : V extends boolean
      ? boolean
      : V extends readonly unknown[]
        ? List
        : V extends object
          ? object
          : unknown

/** The property types an option fits, its value considered: `elements: String` wants a list of strings. */
type FitOf<K, V> = K extends 'elements'
  ? List<ValueOfType<V>>
  : K extends 'values'
    ? Dictionary<ValueOfType<V>>
    : K extends 'oneOf' | 'notOneOf'
      ? V extends readonly (infer E)[]
        ? Widened<E>
        : never
      : K extends 'eq' | 'ne'
        ? Widened<V> & OptionFits[K]
        : K extends 'default'
          ? Widened<V>
          : K extends keyof OptionFits
            ? OptionFits[K]
            : unknown

/** What satisfies all of the options: an intersection, by way of the one place where TypeScript infers one. */
type AllFits<O> = { [K in keyof O]: (value: FitOf<K, O[K]>) => void }[keyof O] extends (value: infer V) => void ? V : never

/**
 * What a property must be to carry all of the options `O`. With an explicit `type` (or a JSON schema) the options are held against that
 * type instead, and the property may be what `@Transform` makes of it. No options fit every property, as do options nothing is known of.
 */
export type Fitting<O> = O extends { readonly type: unknown } | { readonly jsonSchema: unknown }
  ? unknown
  : FieldOptions extends O
    ? unknown
    : AllFits<O>

/** Makes options that do not exist, or that an explicit `type` does not have, fail to compile. */
export type CheckedOptions<O> = {
  readonly [K in keyof O]: K extends keyof FieldOptions ? (FitsSaidType<O, K> extends true ? O[K] : never) : never
}

/** Says nothing about options, but lets an editor show the documentation of one that is written: it is lost where options are inferred. */
export type DocumentedOptions = { readonly [K in keyof FieldOptions]?: unknown }

type FitsSaidType<O, K> = K extends keyof OptionFits
  ? O extends { readonly type: infer T }
    ? ValueOfType<T> extends OptionFits[K]
      ? true
      : false
    : O extends { readonly jsonSchema: unknown }
      ? false
      : true
  : true
