import type { ValidationError } from 'class-validator'
import type { FieldDefinition, RecordDefinition } from '../definition/field-definition.js'
import type { ConfigProblem } from '../errors/config-error.js'

/**
 * Checks the class-validator rules that Kong's schema cannot express (or only in part), on a bound instance.
 *
 * The library is loaded with the first instance that needs it, so that plugins without such rules never pay for it.
 */
export async function checkLateRules(record: RecordDefinition, instance: object): Promise<readonly ConfigProblem[]> {
  if (!hasLateRules(record)) return []
  const { validate } = await import('class-validator')
  const problems: ConfigProblem[] = []
  await checkRecord(record, instance, 'config', problems)
  return problems

  async function checkRecord({ fields }: RecordDefinition, value: object, path: string, found: ConfigProblem[]): Promise<void> {
    const late = new Map(fields.map((field) => [field.property, field]))
    if (fields.some(({ lateRules }) => lateRules.length > 0)) {
      for (const error of await validate(value)) {
        const field = late.get(error.property)
        if (field !== undefined) found.push(...brokenRules(field, error, `${path}.${field.name}`))
      }
    }
    for (const { property, name, type } of fields) {
      const inner: unknown = Reflect.get(value, property)
      if (type.kind === 'record' && isObject(inner)) await checkRecord(type.record, inner, `${path}.${name}`, found)
      const parts = type.kind === 'array' || type.kind === 'set' ? type.elements : type.kind === 'map' ? type.values : undefined
      if (parts?.type.kind !== 'record') continue
      for (const [key, part] of partsOf(inner)) if (isObject(part)) await checkRecord(parts.type.record, part, `${path}.${name}[${key}]`, found)
    }
  }
}

function brokenRules({ lateRules }: FieldDefinition, { constraints = {} }: ValidationError, path: string): ConfigProblem[] {
  // Rules without a name of their own (`@Validate(Rule)`) are reported under whatever name their class gives.
  const named = Object.entries(constraints).filter(([rule]) => lateRules.includes(rule) || lateRules.includes('custom rule'))
  return named.map(([, text]) => ({ path, text }))
}

function hasLateRules({ fields }: RecordDefinition): boolean {
  return fields.some(({ lateRules, type }) => {
    if (lateRules.length > 0) return true
    const inner = type.kind === 'array' || type.kind === 'set' ? type.elements.type : type.kind === 'map' ? type.values.type : type
    return inner.kind === 'record' && hasLateRules(inner.record)
  })
}

function partsOf(value: unknown): Iterable<readonly [string, unknown]> {
  if (value instanceof Map) return [...value].map(([key, part]) => [JSON.stringify(key), part] as const)
  if (value instanceof Set || Array.isArray(value)) return [...value].map((part, index) => [String(index), part] as const)
  return isObject(value) ? Object.entries(value).map(([key, part]) => [JSON.stringify(key), part] as const) : []
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
