import type { ElementDefinition, FieldDefinition, FieldType, RecordDefinition } from '../definition/field-definition.js'
import { readTransform } from '../declaration/class-transformer-hints.js'

type Source = Readonly<Record<string, unknown>>

/**
 * Puts a checked configuration into an object under the class's own names: sets, maps and records become what the class says.
 *
 * What Kong does not send (it leaves out null and unset fields) keeps the value its initialiser gave it. `@Transform` of class-transformer
 * has
 * the last word on each field.
 */
export function assignConfig(target: object, { fields, construct }: RecordDefinition, config: Source): void {
  for (const field of fields) {
    const value = Object.hasOwn(config, field.name) ? config[field.name] : undefined
    const typed = valueOf(field, value, Reflect.get(target, field.property))
    const transform = construct && readTransform(construct, field.property)
    const final = transform ? transform(typed, config) : typed
    if (final !== undefined) Reflect.set(target, field.property, final)
  }
}

/**
 * `undefined` leaves the initialised value in place. Kong has filled in defaults: an optional field that it does not send was switched off
 * with null.
 */
function valueOf(field: FieldDefinition, value: unknown, initial: unknown): unknown {
  if (value !== undefined && value !== null) return typedValue(field.type, value)
  if (initial !== undefined || !field.required) return undefined
  if (field.default !== undefined) return typedValue(field.type, field.default)
  return field.type.kind === 'record' ? typedValue(field.type, {}) : undefined
}

function typedValue(type: FieldType, value: unknown): unknown {
  switch (type.kind) {
    case 'array':
      return listOf(type.elements, value)
    case 'set':
      return new Set(listOf(type.elements, value))
    case 'map': {
      const numeric = type.keys.type.kind === 'number' || type.keys.type.kind === 'integer'
      const entries = Object.entries(value as Source).map(
        ([key, element]) => [numeric ? Number(key) : key, typedValue(type.values.type, element)] as const,
      )
      return type.container === 'Map' ? new Map<unknown, unknown>(entries) : Object.fromEntries(entries)
    }
    case 'record': {
      const record = type.record.construct === undefined ? {} : new type.record.construct()
      assignConfig(record, type.record, isTable(value) ? value : {})
      return record
    }
    default:
      return value
  }
}

/** An empty Lua table can arrive as `{}`. */
function listOf({ type }: ElementDefinition, value: unknown): unknown[] {
  return Array.isArray(value) ? value.map((element) => typedValue(type, element)) : []
}

function isTable(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
