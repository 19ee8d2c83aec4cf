/** Any value that JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Kong's names for the types of a schema field that JSON can express. */
export type KongFieldType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'set' | 'map' | 'record' | 'foreign' | 'json'

/** One field of a Kong schema: its type, and attributes under Kong's own names (`one_of`, `len_min` …). */
export interface KongField {
  readonly type: KongFieldType
  readonly [attribute: string]: JsonValue | undefined | KongField | KongFields
}

/** Kong keeps fields in order, as a list of objects with exactly one key. */
export type KongFields = readonly { readonly [name: string]: KongField }[]

/** What stands under `Schema` in a dump: the part of Kong's plugin schema that JSON can express. */
export interface KongSchema {
  readonly name: string
  readonly fields: KongFields
  readonly entity_checks?: readonly { readonly [check: string]: JsonValue }[]
}
