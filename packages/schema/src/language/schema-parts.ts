import type { KongField, KongFields } from './kong-schema.js'

type Attribute = KongField[string]

/** The fields of a record with their names, in order. */
export function namedFields(record: KongField): readonly (readonly [name: string, field: KongField])[] {
  const fields = record['fields']
  return isFields(fields) ? fields.flatMap((entry) => Object.entries(entry)) : []
}

/** The field of this name in a record; the last one where Kong would have two. */
export function fieldNamed(record: KongField, name: string): KongField | undefined {
  return namedFields(record).findLast(([candidate]) => candidate === name)?.[1]
}

/** What the elements of a list, or the keys and values of a map, are. */
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
