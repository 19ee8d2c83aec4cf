import { checkSchema, type SchemaProblem } from '@kong-ts/schema'
import { generateSchema } from './generate-schema.js'
import type { DefinitionProblems } from '../definition/definition-problems.js'
import type { RecordDefinition } from '../definition/field-definition.js'
import { innerRecord } from '../definition/inner-record.js'
import type { PluginDefinition } from '../definition/plugin-definition.js'

/** A definition that says nothing is held against the newest Kong: it knows everything we can generate. */
export const NEWEST_KONG = '3.9'

/**
 * Lets Kong's own rules for schemas decide about the generated one. What Kong would refuse at its start, or accept and then fail on, is a
 * mistake in
 * the class: a default that breaks its own rule, a malformed Lua pattern, an attribute the type does not have.
 */
export function checkGeneratedSchema(definition: PluginDefinition, problems: DefinitionProblems): void {
  const kongVersion = definition.kongVersion ?? NEWEST_KONG
  if (!/^\d+\.\d+/.test(kongVersion)) return
  for (const problem of checkSchema(generateSchema(definition), { kongVersion })) {
    const { className, member } = findMember(definition, problem)
    // What is known of a member already is why Kong complains too.
    if (problems.has(className, member)) continue
    problems.add(className, member, ...describe(problem, kongVersion))
  }
}

function describe({ path, text, severity }: SchemaProblem, kongVersion: string): readonly [reason: string, remedy: string] {
  const at = /\.(default|between|len_\w+|match\w*|not_match|one_of|not_one_of|json_schema|deprecation|examples|entity_checks)\b/.exec(
    path,
  )?.[1]
  if (severity === 'error' && at === 'default') return [`its default breaks its own rule: ${text}`, 'change the initialiser or the rule']
  const where = at === undefined ? '' : `${at}: `
  return severity === 'error'
    ? [`Kong ${kongVersion} would not start with it: ${where}${text}`, 'change the option that says it']
    : [`Kong accepts it, but ${where}${text}`, 'change the option that says it']
}

interface Member {
  readonly className: string
  readonly member: string | undefined
}

/** Follows the names that Kong knows, `config.rules[].path`, back to the class and its property. */
function findMember({ config, pluginClass }: PluginDefinition, { field, path }: SchemaProblem): Member {
  const [head, ...names] = field.replaceAll(/\[\]|\{key\}|\{\}/g, '').split('.')
  if (head === 'config') return follow(config, names, pluginClass.name)
  // Some of Kong's errors bear the bare name of the field, however deep it is.
  return findByName(config, path, pluginClass.name) ?? { className: pluginClass.name, member: undefined }
}

function follow(record: RecordDefinition, [name, ...rest]: readonly string[], className: string): Member {
  const field = record.fields.find((candidate) => candidate.name === name)
  if (field === undefined) return { className, member: undefined }
  const inner = innerRecord(field.type)
  return rest.length > 0 && inner !== undefined
    ? follow(inner, rest, inner.construct?.name ?? className)
    : { className, member: field.property }
}

function findByName(record: RecordDefinition, name: string, className: string): Member | undefined {
  for (const field of record.fields) {
    if (field.name === name) return { className, member: field.property }
    const inner = innerRecord(field.type)
    const found = inner && findByName(inner, name, inner.construct?.name ?? className)
    if (found !== undefined) return found
  }
  return undefined
}
