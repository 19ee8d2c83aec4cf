import type { JsonValue } from '@kong-ts/schema'
import type { Constructor } from './constructor.js'
import type { EntityCheck } from './entity-check.js'
import type {
  BooleanElement,
  NoParts,
  NumberElement,
  OfLength,
  PlainNotes,
  Rules,
  TextElement,
  ValueNotes,
  ValueRules,
} from './value-options.js'

/** Kong's names of the types. */
export type FieldTypeName = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'set' | 'map' | 'record' | 'foreign' | 'json'

/** A type in `@Field`: Kong's name, `String`, `Number`, `Boolean`, `Array`, `Set`, `Map`, or a class with `@Field`s for a record. */
export type FieldTypeOption = FieldTypeName | Constructor | StringConstructor | NumberConstructor | BooleanConstructor

/** Entities of Kong that a foreign field can refer to. */
export type KongEntity =
  | 'services'
  | 'routes'
  | 'consumers'
  | 'plugins'
  | 'certificates'
  | 'ca_certificates'
  | 'snis'
  | 'upstreams'
  | 'targets'
  | 'vaults'
  | 'keys'
  | 'key_sets'
  | 'filter_chains'
  | 'workspaces'

/** The elements of an array or set, or the keys and values of a map: a type, or a type with rules of its own. */
export type ElementOption = Exclude<FieldTypeOption, 'json'> | ElementOptions

/** Lists in lists or maps. */
export type ListElement = {
  readonly type: 'array' | 'set' | ArrayConstructor | SetConstructor
  readonly elements: ElementOption
} & PlainNotes &
  Rules<OfLength | 'contains' | 'mutuallyExclusiveSubsets'> &
  Omit<NoParts, 'elements'>

/** Maps in lists or maps. */
export type MapElement = {
  readonly type: 'map' | MapConstructor
  readonly keys?: ElementOption
  readonly values: ElementOption
} & PlainNotes &
  Rules<OfLength> &
  Omit<NoParts, 'keys' | 'values'>

/** Records in lists or maps. */
export type RecordElement = { readonly type: Constructor; readonly entityChecks?: readonly EntityCheck[] } & PlainNotes &
  Rules<never> &
  Omit<NoParts, 'entityChecks'>

/** References to entities in lists or maps. Kong checks only references that stand directly in a record. */
export type ForeignElement = { readonly type: 'foreign'; readonly reference: KongEntity } & PlainNotes &
  Rules<never> &
  Omit<NoParts, 'reference'>

/** A type with rules, for elements, keys and values. */
export type ElementOptions = TextElement | NumberElement | BooleanElement | ListElement | MapElement | RecordElement | ForeignElement

/**
 * Options of `@Field`: Kong's schema attributes in camelCase. The type of a field decides which of them it may have; an option that
 * does not fit the type of the property does not compile.
 */
export interface FieldOptions extends ValueRules, ValueNotes {
  /** Name in Kong's configuration. Default: the property in snake_case. */
  readonly name?: string
  /** Type in Kong. Default: the type of the initialiser, else the type that the compiler recorded (`design:type`). */
  readonly type?: FieldTypeOption
  /**
   * Kong refuses a configuration without the field. Default: `true` unless there is an initialiser or `@IsOptional()`. The `?` of a
   * property does not exist at run time.
   */
  readonly required?: boolean
  /** Value that Kong fills in, in Kong's JSON form. Default: the property's initialiser. */
  readonly default?: JsonValue
  /** Arrays and sets: what they hold. */
  readonly elements?: ElementOption
  /** Maps: the type of the keys. Default `String`. */
  readonly keys?: ElementOption
  /** Maps: the type of the values. */
  readonly values?: ElementOption
  /** Records: checks over several fields, with Kong's field names. */
  readonly entityChecks?: readonly EntityCheck[]
  /** Foreign: the entity that the field refers to. The value is `{ id }`. Kong does not check that the entity exists. */
  readonly reference?: KongEntity
  /** Json (Kong 3.5+): the JSON schema (draft 4) of the value. */
  readonly jsonSchema?: { readonly inline: JsonValue }
}
