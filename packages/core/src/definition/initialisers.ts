import type { JsonValue } from '@kong-ts/schema'
import type { Constructor } from '../declaration/constructor.js'
import type { DefinitionProblems } from '../errors/plugin-errors.js'
import type { FieldType, RecordDefinition } from './plugin-definition.js'

/**
 * The values of a class's property initialisers, read from an instance that is thrown away.
 *
 * The constructor gets blanks in place of injected services, which do not exist while a definition is built: `-dump` must not open
 * anything. Every property, call and result of a blank is a blank again.
 */
export function readInitialisers(target: Constructor, problems: DefinitionProblems): ReadonlyMap<string, unknown> {
  try {
    const instance = new target(...Array.from({ length: target.length }, () => BLANK))
    return new Map(Object.entries(instance))
  } catch (cause) {
    problems.add(
      target.name,
      'constructor',
      `fails while the definition is read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'let the constructor only assign what is injected, and move work to onStart()',
    )
    return new Map()
  }
}

const BLANK: unknown = new Proxy(function blank() {}, {
  get: (_target, key) => (key === Symbol.toPrimitive ? () => '' : key === 'then' ? undefined : BLANK),
  set: () => true,
  apply: () => BLANK,
  construct: () => BLANK as object,
})

/** Whether a property holds an injected blank, so that it has no initialiser. */
export function isBlank(value: unknown): boolean {
  return value === BLANK
}

type AddProblem = (reason: string, remedy: string) => void

/**
 * Converts the value of an initialiser to a default in Kong's schema: with Kong's names, sets as arrays, maps as objects.
 *
 * @returns `undefined` without an initialiser, and for a record whose fields all have their own defaults, because Kong fills in those.
 */
export function toKongDefault(type: FieldType, value: unknown, addProblem: AddProblem): JsonValue | undefined {
  if (value === undefined || value === null) return undefined
  switch (type.kind) {
    case 'string':
    case 'boolean':
      return typeof value === type.kind ? (value as string | boolean) : mismatch(type.kind, value, addProblem)
    case 'number':
    case 'integer':
      return typeof value === 'number' && Number.isFinite(value) ? value : mismatch(type.kind, value, addProblem)
    case 'array':
    case 'set': {
      const elements = value instanceof Set || Array.isArray(value) ? [...value] : undefined
      if (elements === undefined) return mismatch(type.kind, value, addProblem)
      return elements.map((element) => toKongDefault(type.elements.type, element, addProblem) ?? null)
    }
    case 'map': {
      const entries = value instanceof Map ? [...value] : Object.entries(value)
      return Object.fromEntries(
        entries.map(([key, element]) => [String(key), toKongDefault(type.values.type, element, addProblem) ?? null]),
      )
    }
    case 'record':
      return recordDefault(type.record, value, addProblem)
    case 'foreign':
    case 'json':
      return value as JsonValue
  }
}

function recordDefault({ fields }: RecordDefinition, value: unknown, addProblem: AddProblem): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return mismatch('record', value, addProblem)
  const source = value as Readonly<Record<string, unknown>>
  const given: Record<string, JsonValue> = {}
  let differs = false
  for (const { property, name, type, default: fieldDefault } of fields) {
    const member = toKongDefault(type, source[property], addProblem)
    if (member === undefined) continue
    given[name] = member
    if (JSON.stringify(member) !== JSON.stringify(fieldDefault)) differs = true
  }
  return differs ? given : undefined
}

function mismatch(kind: string, value: unknown, addProblem: AddProblem): undefined {
  addProblem(
    `its initialiser (${typeof value}) is not a ${kind}`,
    'initialise it with a value of its type, or name the type: @Field({ type: … })',
  )
  return undefined
}
