import type { FieldType, RecordDefinition } from './field-definition.js'

/** The record that a field holds, directly or inside lists and maps. */
export function innerRecord(type: FieldType): RecordDefinition | undefined {
  if (type.kind === 'array' || type.kind === 'set') return innerRecord(type.elements.type)
  if (type.kind === 'map') return innerRecord(type.values.type)
  return type.kind === 'record' ? type.record : undefined
}
