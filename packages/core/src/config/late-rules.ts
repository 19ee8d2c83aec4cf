import type { ValidationError } from 'class-validator'
import { innerRecord, type FieldDefinition, type RecordDefinition, type PluginDefinition } from '../definition/plugin-definition.js'
import type { ConfigProblem } from '../errors/plugin-errors.js'
import { UNNAMED_RULE } from '../rules/rule-table.js'

/** The rules of one field that are checked when an instance starts, because Kong's schema cannot express them. */
export interface LateRule {
  /** The field: `config.rules[].path`. */
  readonly path: string
  /** class-validator's names of the rules: `isUrl`. */
  readonly rules: readonly string[]
}

/** Lists the rules that Kong does not check when a configuration is written. Who breaks them finds out with the first request. */
export function describeLateRules({ config }: PluginDefinition): readonly LateRule[] {
  const found: LateRule[] = []
  visit(config, 'config')
  return found

  function visit({ fields }: RecordDefinition, path: string): void {
    for (const { name, type, lateRules } of fields) {
      if (lateRules.length > 0) found.push({ path: `${path}.${name}`, rules: lateRules })
      const inner = innerRecord(type)
      if (inner !== undefined) visit(inner, `${path}.${name}${type.kind === 'record' ? '' : '[]'}`)
    }
  }
}

/**
 * Prepares the check of the class-validator rules that Kong's schema cannot express, or only in part, on bound instances.
 *
 * Loads class-validator with the first instance that needs it, so that plugins without such rules never load it.
 */
export function createLateRules(record: RecordDefinition): (instance: object) => Promise<readonly ConfigProblem[]> {
  if (!hasLateRules(record)) return () => Promise.resolve([])
  return async (instance) => {
    const problems: ConfigProblem[] = []
    await checkRecord(record, instance, 'config', problems)
    return problems
  }
}

async function checkRecord({ fields }: RecordDefinition, value: object, path: string, found: ConfigProblem[]): Promise<void> {
  if (fields.some(({ lateRules }) => lateRules.length > 0)) {
    const { validate } = await import('./class-validator-validate.js')
    const late = new Map(fields.map((field) => [field.property, field]))
    for (const error of await validate(withArraysForSets(fields, value))) {
      const field = late.get(error.property)
      if (field !== undefined) found.push(...brokenRules(field, error, `${path}.${field.name}`))
    }
  }
  for (const { property, name, type } of fields) {
    const record = innerRecord(type)
    if (record === undefined || !hasLateRules(record)) continue
    for (const [key, part] of recordsIn(Reflect.get(value, property), type.kind === 'record'))
      await checkRecord(record, part, `${path}.${name}${key}`, found)
  }
}

/** Rules for arrays refuse sets, so this returns a copy with arrays in their place. */
function withArraysForSets(fields: readonly FieldDefinition[], value: object): object {
  const sets = fields.filter(({ property, type }) => type.kind === 'set' && Reflect.get(value, property) instanceof Set)
  if (sets.length === 0) return value
  const copy: object = Object.assign(Object.create(Object.getPrototypeOf(value) as object) as object, value)
  for (const { property } of sets) {
    const set: unknown = Reflect.get(value, property)
    if (set instanceof Set) Reflect.set(copy, property, [...set])
  }
  return copy
}

function brokenRules({ lateRules }: FieldDefinition, { constraints = {} }: ValidationError, path: string): ConfigProblem[] {
  // Rules without a name of their own (`@Validate(Rule)`) are reported under the name that their class gives them.
  const named = Object.entries(constraints).filter(([rule]) => lateRules.includes(rule) || lateRules.includes(UNNAMED_RULE))
  return named.map(([, text]) => ({ path, text }))
}

function hasLateRules({ fields }: RecordDefinition): boolean {
  return fields.some(({ lateRules, type }) => {
    const inner = innerRecord(type)
    return lateRules.length > 0 || (inner !== undefined && hasLateRules(inner))
  })
}

/** The bound records in a value, at any depth of lists and maps, with the rest of their path. */
function recordsIn(value: unknown, isRecord: boolean): readonly (readonly [key: string, record: object])[] {
  if (!isObject(value)) return []
  if (isRecord) return [['', value]]
  return partsOf(value).flatMap(([key, part]) => {
    const nested = Array.isArray(part) || part instanceof Map || part instanceof Set
    return recordsIn(part, !nested).map(([inner, record]) => [`[${key}]${inner}`, record] as const)
  })
}

function partsOf(value: object): readonly (readonly [string, unknown])[] {
  if (value instanceof Map) return [...value].map(([key, part]) => [JSON.stringify(key), part] as const)
  if (value instanceof Set || Array.isArray(value)) return [...value].map((part: unknown, index) => [String(index), part] as const)
  return Object.entries(value).map(([key, part]) => [JSON.stringify(key), part] as const)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
