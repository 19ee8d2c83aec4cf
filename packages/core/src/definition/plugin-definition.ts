import type { KongField, JsonValue } from '@kong-ts/schema'
import type { Constructor } from '../declaration/constructor.js'
import type { Phase } from '../phase/phase.js'
import type { FieldAttributes } from '../rules/field-attributes.js'

/** How a plugin handles one phase. */
export interface PhaseDefinition {
  readonly phase: Phase
  /** Name of the handler method on the plugin's instances. */
  readonly handler: string | symbol
  /** Lets the request pass when the handler fails, instead of answering 500. */
  readonly failOpen: boolean
  /** Milliseconds until the request is answered with 504; 0 for no limit. */
  readonly timeout: number
}

/** Fields of the plugin entity beside `config`, in Kong's schema form: `protocols`, `consumer`, `route`, `service`. */
export type TopLevelFields = readonly { readonly [name: string]: KongField }[]

/**
 * Everything that kong-ts knows about a plugin, frozen. Schema, config binder, dispatcher and dump read only this, so a definition that was
 * written by hand works wherever a decorated class does.
 */
export interface PluginDefinition {
  readonly name: string
  readonly version: string
  readonly priority: number
  readonly phases: ReadonlyMap<Phase, PhaseDefinition>
  readonly config: RecordDefinition
  readonly topLevelFields: TopLevelFields
  readonly topLevelEntityChecks: readonly KongEntityCheck[]
  /** The oldest Kong that the plugin is for. Newer schema attributes are left out of the dump. Absent: nothing is left out. */
  readonly kongVersion?: string
  readonly pluginClass: Constructor
}

/** A check over several fields in Kong's own form, one key per object. */
export type KongEntityCheck = Readonly<Record<string, JsonValue>>

/** A value and its rules, without a name: the elements of an array or set, the keys and values of a map. */
export interface ElementDefinition {
  readonly type: FieldType
  readonly attributes: FieldAttributes
}

/** One `@Field`, or one field of a definition that was written by hand. */
export interface FieldDefinition extends ElementDefinition {
  /** The property of the class. */
  readonly property: string
  /** The name in Kong's configuration. */
  readonly name: string
  /** Kong refuses a configuration without the field. */
  readonly required: boolean
  /** What Kong fills in for a missing value, in the form that it has in Kong's JSON; `undefined` for none. */
  readonly default: JsonValue | undefined
  /** Rules of class-validator that Kong cannot express. They are checked when an instance starts. */
  readonly lateRules: readonly string[]
}

/** The fields of a record class, or of a plugin's `config`. */
export interface RecordDefinition {
  /** The class of the bound objects. `undefined` in a definition that was written by hand: the objects are plain then. */
  readonly construct: Constructor | undefined
  readonly fields: readonly FieldDefinition[]
  readonly entityChecks: readonly KongEntityCheck[]
}

/** The type of a field in Kong's schema language, with the types of its parts. */
export type FieldType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'array' | 'set'; readonly elements: ElementDefinition }
  | { readonly kind: 'map'; readonly keys: ElementDefinition; readonly values: ElementDefinition; readonly container: MapContainer }
  | { readonly kind: 'record'; readonly record: RecordDefinition }
  | { readonly kind: 'foreign'; readonly reference: string }
  | { readonly kind: 'json'; readonly jsonSchema: JsonValue }

/** The types without parts. */
export type ScalarKind = 'string' | 'number' | 'integer' | 'boolean'

/** The object that holds a map in the class: an ES `Map`, or a plain object (`Record<string, T>`). */
export type MapContainer = 'Map' | 'object'

/** Whether values of the type are numbers. */
export function isNumeric({ kind }: FieldType): boolean {
  return kind === 'number' || kind === 'integer'
}

/** The record that a field holds, directly or inside lists and maps. */
export function innerRecord(type: FieldType): RecordDefinition | undefined {
  if (type.kind === 'array' || type.kind === 'set') return innerRecord(type.elements.type)
  if (type.kind === 'map') return innerRecord(type.values.type)
  return type.kind === 'record' ? type.record : undefined
}
