import { PLUGIN_ENTITY_FIELDS, type JsonValue } from '@kong-ts/schema'
import { isJsonObject } from '../config/sent-config.js'
import { innerRecord, type FieldDefinition, type KongEntityCheck, type RecordDefinition } from '../definition/plugin-definition.js'
import type { DefinitionProblems } from '../errors/plugin-errors.js'

/** Members of an entity check that hold names of fields. */
const NAMING = ['if_field', 'then_field', 'then_at_least_one_of', 'else_then_at_least_one_of', 'set1', 'set2']

/**
 * Finds names in entity checks that are not fields. Kong looks a name up only when it runs the check: an unknown name then counts as an
 * empty field, or raises.
 */
export function checkEntityChecks(
  config: RecordDefinition,
  className: string,
  pluginChecks: readonly KongEntityCheck[],
  problems: DefinitionProblems,
): void {
  checkRecord(config, className, problems)
  for (const name of pluginChecks.flatMap(namesIn)) {
    const [head = '', ...path] = name.split('.')
    if (head !== 'config') {
      if (!PLUGIN_ENTITY_FIELDS.has(head))
        problems.add(
          className,
          undefined,
          `a plugin entity check names ${name}, which is not a field of a plugin`,
          'write fields of the class as config.…',
        )
      continue
    }
    const problem = path.length === 0 ? undefined : findProblem(config, path)
    if (problem !== undefined)
      problems.add(className, undefined, `a plugin entity check names ${name}, but ${problem.reason}`, problem.remedy)
  }
}

function checkRecord(record: RecordDefinition, className: string, problems: DefinitionProblems): void {
  for (const name of record.entityChecks.flatMap(namesIn)) {
    const problem = findProblem(record, name.split('.'))
    if (problem !== undefined) problems.add(className, undefined, `an entity check names ${name}, but ${problem.reason}`, problem.remedy)
  }
  for (const { type } of record.fields) {
    const inner = innerRecord(type)
    if (inner !== undefined) checkRecord(inner, inner.construct?.name ?? className, problems)
  }
}

function findProblem(
  record: RecordDefinition,
  [name = '', ...rest]: readonly string[],
): { readonly reason: string; readonly remedy: string } | undefined {
  const field = record.fields.find((candidate) => candidate.name === name)
  if (field !== undefined) {
    if (rest.length === 0) return undefined
    if (field.type.kind === 'record') return findProblem(field.type.record, rest)
    return { reason: `${name} is not a record, so it has no field ${rest.join('.')}`, remedy: 'name the field itself' }
  }
  return { reason: `there is no field ${name}`, remedy: remedyFor(record.fields, name) }
}

function remedyFor(fields: readonly FieldDefinition[], name: string): string {
  const meant = fields.find(({ property }) => property === name)
  if (meant !== undefined) return `Kong calls it ${meant.name}`
  return `choose among ${fields.map((field) => field.name).join(', ') || 'the fields once there are any'}`
}

function namesIn(check: KongEntityCheck): readonly string[] {
  return Object.values(check).flatMap((argument) =>
    isJsonObject(argument) ? NAMING.flatMap((member) => texts(argument[member])) : texts(argument),
  )
}

function texts(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}
