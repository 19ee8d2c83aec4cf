import type { TransformationType } from 'class-transformer'
import type { Constructor } from '../declaration/constructor.js'
import { readTransforms } from '../declaration/metadata-store.js'
import { isNumeric, type FieldDefinition, type FieldType, type RecordDefinition } from '../definition/plugin-definition.js'
import { isJsonObject, type JsonObject } from './sent-config.js'

/** Puts a configuration of the right shape into an object. */
export type ConfigAssigner = (target: object, config: JsonObject) => void

/**
 * Prepares the assignment of configurations to objects of a class, under the class's own names: sets, maps and records become what the
 * class declares.
 *
 * A value that Kong does not send (it leaves out null and unset fields) keeps what its initialiser gave it. `@Transform` runs last.
 */
export function createConfigAssigner({ fields, construct }: RecordDefinition): ConfigAssigner {
  const members = fields.map((field) => ({
    field,
    convert: createConverter(field.type),
    transform: construct && createTransform(construct, field.property),
  }))
  return (target, config) => {
    for (const { field, convert, transform } of members) {
      const value = Object.hasOwn(config, field.name) ? config[field.name] : undefined
      const typed = valueOf(field, value, Reflect.get(target, field.property), convert)
      const final = transform === undefined ? typed : transform(typed, config)
      if (final !== undefined) Reflect.set(target, field.property, final)
    }
  }
}

type Converter = (value: unknown) => unknown

/**
 * `undefined` leaves the initialised value in place. Kong fills in defaults, so an optional field that it does not send was set to null to
 * switch it off.
 */
function valueOf({ type, required, default: fallback }: FieldDefinition, value: unknown, initial: unknown, convert: Converter): unknown {
  if (value !== undefined && value !== null) return convert(value)
  if (initial !== undefined || !required) return undefined
  if (fallback !== undefined) return convert(fallback)
  return type.kind === 'record' ? convert({}) : undefined
}

function createConverter(type: FieldType): Converter {
  switch (type.kind) {
    case 'array':
      return createListConverter(type.elements.type)
    case 'set': {
      const toList = createListConverter(type.elements.type)
      return (value) => new Set(toList(value))
    }
    case 'map': {
      const toKey = isNumeric(type.keys.type) ? Number : String
      const toValue = createConverter(type.values.type)
      const toEntries = (value: unknown) => Object.entries(value as object).map(([key, part]) => [toKey(key), toValue(part)] as const)
      return type.container === 'Map'
        ? (value) => new Map<unknown, unknown>(toEntries(value))
        : (value) => Object.fromEntries(toEntries(value))
    }
    case 'record': {
      const { construct } = type.record
      const assign = createConfigAssigner(type.record)
      return (value) => {
        const record = construct === undefined ? {} : new construct()
        assign(record, isJsonObject(value) ? value : {})
        return record
      }
    }
    default:
      return (value) => value
  }
}

/** An empty Lua table may arrive as `{}`. */
function createListConverter(type: FieldType): (value: unknown) => unknown[] {
  const convert = createConverter(type)
  return (value) => (Array.isArray(value) ? value.map(convert) : [])
}

const PLAIN_TO_CLASS: TransformationType.PLAIN_TO_CLASS = 0

/** Runs the property's `@Transform` functions as class-transformer does; `undefined` without any. */
function createTransform(construct: Constructor, property: string): ((value: unknown, source: JsonObject) => unknown) | undefined {
  const transforms = readTransforms(construct, property)
  if (transforms.length === 0) return undefined
  return (value, source) =>
    transforms.reduce(
      (current, transform) => transform({ value: current, key: property, obj: source, type: PLAIN_TO_CLASS, options: {} }),
      value,
    )
}
