import { KEYS_KONG_ADDS } from '../definition/check-plugin-definition.js'
import type { FieldType, RecordDefinition } from '../definition/field-definition.js'
import type { ConfigProblem } from '../errors/config-error.js'

type Source = Readonly<Record<string, unknown>>

/** Where Kong keeps the texts of the references it resolved, in the record that holds the fields. */
const REFERENCES = '$refs'

/**
 * The configuration as its user wrote it: without Kong's own keys, and with `{vault://…}` where Kong has put the secret. Kong's rules are
 * held against the
 * reference, not against what is behind it, and neither are ours.
 *
 * A secret that Kong could not read arrives as `""` and is noted as a problem: it will be there when Kong asks again.
 */
export function createReferenceRestorer(record: RecordDefinition): (config: Source, problems: ConfigProblem[]) => Source {
  const hasReferences = holdsReferences(record)
  return (config, problems) => {
    const written: Record<string, unknown> = {}
    for (const key of Object.keys(config)) {
      if (KEYS_KONG_ADDS.has(key)) continue
      if (key === '__proto__')
        Object.defineProperty(written, key, { value: config[key], enumerable: true, configurable: true, writable: true })
      else written[key] = config[key]
    }
    if (!hasReferences) return written
    return restoreReferences(record, REFERENCES in config ? { ...written, [REFERENCES]: config[REFERENCES] } : written, 'config', problems)
  }
}

function holdsReferences({ fields }: RecordDefinition): boolean {
  return fields.some(({ type, attributes }) => attributes['referenceable'] === true || typeHoldsReferences(type))
}

function typeHoldsReferences(type: FieldType): boolean {
  switch (type.kind) {
    case 'record':
      return holdsReferences(type.record)
    case 'array':
    case 'set':
      return type.elements.attributes['referenceable'] === true || typeHoldsReferences(type.elements.type)
    case 'map':
      return type.values.attributes['referenceable'] === true || typeHoldsReferences(type.values.type)
    default:
      return false
  }
}

function restoreReferences(record: RecordDefinition, config: Source, path: string, problems: ConfigProblem[]): Source {
  const { [REFERENCES]: references, ...restored }: Record<string, unknown> = config
  for (const { name, type } of record.fields) {
    if (!Object.hasOwn(restored, name)) continue
    const value = restored[name]
    const reference = isObject(references) && Object.hasOwn(references, name) ? references[name] : undefined
    restored[name] =
      reference === undefined
        ? restoreInside(type, value, `${path}.${name}`, problems)
        : withReferences(value, reference, `${path}.${name}`, problems)
  }
  return restored
}

function restoreInside(type: FieldType, value: unknown, path: string, problems: ConfigProblem[]): unknown {
  switch (type.kind) {
    case 'record':
      return isObject(value) ? restoreReferences(type.record, value, path, problems) : value
    case 'array':
    case 'set':
      return Array.isArray(value)
        ? value.map((element: unknown, index) => restoreInside(type.elements.type, element, `${path}[${index}]`, problems))
        : value
    case 'map':
      return isObject(value)
        ? mapEntries(value, (key, entry) => restoreInside(type.values.type, entry, `${path}[${JSON.stringify(key)}]`, problems))
        : value
    default:
      return value
  }
}

function withReferences(value: unknown, references: unknown, path: string, problems: ConfigProblem[]): unknown {
  if (typeof references === 'string') {
    if (value === '') problems.push({ path, text: 'refers to a secret that Kong could not read' })
    return references
  }
  if (Array.isArray(references) && Array.isArray(value)) {
    return value.map((element: unknown, index) => {
      const reference: unknown = references[index]
      return typeof reference === 'string' ? withReferences(element, reference, `${path}[${index}]`, problems) : element
    })
  }
  if (!isObject(references) || !isObject(value)) return value
  return mapEntries(value, (key, part) => {
    const reference = Object.hasOwn(references, key) ? references[key] : undefined
    return typeof reference === 'string' ? withReferences(part, reference, `${path}[${JSON.stringify(key)}]`, problems) : part
  })
}

function mapEntries(source: Source, change: (key: string, value: unknown) => unknown): Source {
  return Object.fromEntries(Object.entries(source).map(([key, value]) => [key, change(key, value)]))
}

function isObject(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
