import type { Constructor } from './constructor.js'
import type { FieldOptions } from './decorator-options.js'

type List<E = unknown> = readonly E[] | ReadonlySet<E>
/** An ES `Map` of any keys. */
interface MapOf<V> {
  readonly size: number
  get(key: never): V | undefined
}

/** A plain object as a map. A class with fields does not fit: it has no index signature. */
type Dictionary<V = unknown> = MapOf<V> | Readonly<Record<string, V>>

/** The property types that each option fits. Options that are not listed fit every type. */
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

/** The TypeScript type of a value whose type `@Field` names. */
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

/** The type of a value in an option, widened from its literal. */
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

/** The property types that an option with this value fits: `elements: String` fits lists of strings. */
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

/** The intersection of what the options fit. TypeScript infers an intersection only from parameters of functions. */
type AllFits<O> = { [K in keyof O]: (value: FitOf<K, O[K]>) => void }[keyof O] extends (value: infer V) => void ? V : never

/**
 * The type that a property with the options `O` must have. With an explicit `type` or a JSON schema the options are checked against that
 * type instead, because `@Transform` may give the property another one. `{}` fits every property, and so does the general `FieldOptions`
 * type.
 */
export type Fitting<O> = O extends { readonly type: unknown } | { readonly jsonSchema: unknown }
  ? unknown
  : FieldOptions extends O
    ? unknown
    : AllFits<O>

/** Refuses options that do not exist, and options that an explicit `type` does not have. */
export type CheckedOptions<O> = {
  readonly [K in keyof O]: K extends keyof FieldOptions ? (FitsExplicitType<O, K> extends true ? O[K] : never) : never
}

/** Accepts every option. Lets an editor show the documentation of an option, which is lost where the options are inferred. */
export type DocumentedOptions = { readonly [K in keyof FieldOptions]?: unknown }

type FitsExplicitType<O, K> = K extends keyof OptionFits
  ? O extends { readonly type: infer T }
    ? ValueOfType<T> extends OptionFits[K]
      ? true
      : false
    : O extends { readonly jsonSchema: unknown }
      ? false
      : true
  : true
