/** Any value that JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Kong's names for the types of a schema field that JSON can express. */
export type KongFieldType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'set' | 'map' | 'record' | 'foreign' | 'json'

/** One field of a Kong schema: its type, and attributes under Kong's own names (`one_of`, `len_min` …). */
export interface KongField {
  readonly type: KongFieldType
  readonly [attribute: string]: JsonValue | undefined | KongField | KongFields
}

/** The fields of a record: a list of objects with exactly one key each, because order matters to Kong. */
export type KongFields = readonly { readonly [name: string]: KongField }[]

/** What stands under `Schema` in a dump: the part of Kong's plugin schema that JSON can express. */
export interface KongSchema {
  readonly name: string
  readonly fields: KongFields
  readonly entity_checks?: readonly { readonly [check: string]: JsonValue }[]
}

type Attribute = KongField[string]

/** The fields of a record with their names, in order. */
export function namedFields(record: KongField): readonly (readonly [name: string, field: KongField])[] {
  const fields = record['fields']
  return isFields(fields) ? fields.flatMap((entry) => Object.entries(entry)) : []
}

/** The field of this name in a record; the last one where the record has two. */
export function fieldNamed(record: KongField, name: string): KongField | undefined {
  return namedFields(record).findLast(([candidate]) => candidate === name)?.[1]
}

/** The definition of a list's elements, or of a map's keys or values. */
export function partOf(field: KongField, part: 'elements' | 'keys' | 'values'): KongField | undefined {
  const value = field[part]
  return isField(value) ? value : undefined
}

/** Whether an attribute's value is a field definition. */
export function isField(value: Attribute): value is KongField {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'type' in value && typeof value['type'] === 'string'
}

/** Whether an attribute's value is the list of a record's fields. */
export function isFields(value: Attribute): value is KongFields {
  return (
    Array.isArray(value) &&
    value.every(
      (entry: Attribute) => typeof entry === 'object' && entry !== null && Object.values(entry).every((field: Attribute) => isField(field)),
    )
  )
}

/** Fields that Kong gives every plugin entity beside `config`. Entity checks at top level may name them though the schema does not. */
export const PLUGIN_ENTITY_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'name',
  'instance_name',
  'created_at',
  'updated_at',
  'route',
  'service',
  'consumer',
  'protocols',
  'enabled',
  'tags',
])
