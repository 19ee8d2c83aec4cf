import type { Constructor } from '../declaration/constructor.js'
import type { JsonValue } from '@kong-ts/schema'

/** Attributes of a Kong schema field under Kong's own names, as they go into the dump: `one_of`, `len_min` … */
export type FieldAttributes = Readonly<Record<string, JsonValue>>

/** A check over several fields in Kong's own form, one key per object. */
export type KongEntityCheck = Readonly<Record<string, JsonValue>>

/** A value and its rules, without a name: the elements of an array or set, the keys and values of a map. */
export interface ElementDefinition {
  readonly type: FieldType
  readonly attributes: FieldAttributes
}

/** One `@Field`, or one field of a definition written by hand. */
export interface FieldDefinition extends ElementDefinition {
  /** The property of the class. */
  readonly property: string
  /** The name in Kong's configuration. */
  readonly name: string
  /** Kong refuses a configuration without it. */
  readonly required: boolean
  /** What Kong fills in when the configuration says nothing, in the form it has in Kong's JSON; `undefined` for none. */
  readonly default: JsonValue | undefined
  /** Rules of class-validator that Kong cannot express: checked when an instance starts. */
  readonly lateRules: readonly string[]
}

/** The fields of a record class, or of a plugin's `config`. */
export interface RecordDefinition {
  /** The class that instances are made of; absent in a definition written by hand: plain objects then. */
  readonly construct: Constructor | undefined
  readonly fields: readonly FieldDefinition[]
  readonly entityChecks: readonly KongEntityCheck[]
}

/** The type of a field in Kong's schema language, with the types it is made of. */
export type FieldType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'array' | 'set'; readonly elements: ElementDefinition }
  | { readonly kind: 'map'; readonly keys: ElementDefinition; readonly values: ElementDefinition; readonly container: MapContainer }
  | { readonly kind: 'record'; readonly record: RecordDefinition }
  | { readonly kind: 'foreign'; readonly reference: string }
  | { readonly kind: 'json'; readonly jsonSchema: JsonValue }

/** The types without parts. */
export type ScalarKind = 'string' | 'number' | 'integer' | 'boolean'

/** What holds a map in the class: an ES `Map`, or a plain object (`Record<string, T>`). */
export type MapContainer = 'Map' | 'object'
