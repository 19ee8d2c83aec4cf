import type { JsonValue } from '@kong-ts/schema'
import type { FieldType, RecordDefinition } from './field-definition.js'

type NoteProblem = (reason: string, remedy: string) => void

/**
 * What a property's initialiser is as a default in Kong's schema: names mapped, sets as arrays, maps as objects.
 *
 * @returns `undefined` when there is no initialiser, or it is the empty record that Kong completes from the inner defaults by itself.
 */
export function toKongDefault(type: FieldType, value: unknown, problem: NoteProblem): JsonValue | undefined {
  if (value === undefined || value === null) return undefined
  switch (type.kind) {
    case 'string':
    case 'boolean':
    case 'number':
    case 'integer':
      return scalarDefault(type.kind, value, problem)
    case 'array':
    case 'set': {
      const elements = value instanceof Set || Array.isArray(value) ? [...value] : undefined
      if (elements === undefined) return mismatch(type.kind, value, problem)
      return elements.map((element) => toKongDefault(type.elements.type, element, problem) ?? null)
    }
    case 'map': {
      const entries = value instanceof Map ? [...value] : Object.entries(value)
      return Object.fromEntries(entries.map(([key, element]) => [String(key), toKongDefault(type.values.type, element, problem) ?? null]))
    }
    case 'record':
      return recordDefault(type.record, value, problem)
    case 'foreign':
    case 'json':
      return value as JsonValue
  }
}

function scalarDefault(kind: 'string' | 'boolean' | 'number' | 'integer', value: unknown, problem: NoteProblem): JsonValue | undefined {
  if (kind === 'string' || kind === 'boolean') return typeof value === kind ? (value as string | boolean) : mismatch(kind, value, problem)
  if (typeof value !== 'number' || !Number.isFinite(value)) return mismatch(kind, value, problem)
  return value
}

/** Only what differs from the inner fields' own defaults is worth saying: Kong fills those in. */
function recordDefault({ fields }: RecordDefinition, value: unknown, problem: NoteProblem): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return mismatch('record', value, problem)
  const source = value as Readonly<Record<string, unknown>>
  const differing: Record<string, JsonValue> = {}
  let complete = true
  for (const { property, name, type, default: inner } of fields) {
    const given = toKongDefault(type, source[property], problem)
    if (given === undefined) continue
    differing[name] = given
    if (JSON.stringify(given) !== JSON.stringify(inner)) complete = false
  }
  return complete ? undefined : differing
}

function mismatch(kind: string, value: unknown, problem: NoteProblem): undefined {
  problem(`its initialiser (${typeof value}) is no ${kind}`, 'initialise it with a value of its type, or say the type: @Field({ type: … })')
  return undefined
}
