import type { ElementDefinition, RecordDefinition } from '../definition/field-definition.js'
import type { JsonValue } from './kong-schema.js'

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

export const SCALAR_KINDS: readonly ScalarKind[] = ['string', 'number', 'integer', 'boolean']
