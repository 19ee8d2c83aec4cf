/// <reference path="./class-transformer-storage.d.ts" />
import { checkSchema, NEWEST_KONG_VERSION, type SchemaProblem } from '@kong-ts/schema'
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js'
import type { Constructor } from '../declaration/constructor.js'
import { buildPluginDefinition } from '../definition/build-plugin-definition.js'
import { innerRecord, type RecordDefinition, type PluginDefinition } from '../definition/plugin-definition.js'
import { DefinitionProblems } from '../errors/plugin-errors.js'
import { readTransforms, readTypeHint } from '../declaration/metadata-store.js'
import { checkEntityChecks } from './check-entity-checks.js'
import { generateSchema } from './generate-schema.js'

/**
 * Builds a definition and judges it as Kong would.
 *
 * @throws PluginDefinitionError with every mistake of the class, and everything that Kong would refuse in its schema.
 */
export function judgePluginClass(target: Constructor): PluginDefinition {
  return buildPluginDefinition(target, addFindings)
}

/**
 * Judges a definition that was built without a judge, or written by hand.
 *
 * @throws PluginDefinitionError with everything that Kong would refuse, or accept and then fail on.
 */
export function judgeDefinition(definition: PluginDefinition): void {
  const problems = new DefinitionProblems()
  addFindings(definition, problems)
  problems.throwIfAny(definition.pluginClass.name)
}

function addFindings(definition: PluginDefinition, problems: DefinitionProblems): void {
  checkClassTransformer(definition.config, problems)
  checkEntityChecks(definition.config, definition.pluginClass.name, definition.topLevelEntityChecks, problems)
  checkGeneratedSchema(definition, problems)
}

/**
 * Checks the generated schema with Kong's own rules for schemas. It finds what Kong would refuse at its start, or accept and then fail on:
 * a default that breaks its own rule, a malformed Lua pattern, an attribute that the type does not have.
 */
function checkGeneratedSchema(definition: PluginDefinition, problems: DefinitionProblems): void {
  const kongVersion = definition.kongVersion ?? NEWEST_KONG_VERSION
  if (!/^\d+\.\d+/.test(kongVersion)) return
  for (const problem of checkSchema(generateSchema(definition), { kongVersion })) {
    const { className, member } = findMember(definition, problem)
    // A known problem of the member causes Kong's complaint too.
    if (problems.has(className, member)) continue
    problems.add(className, member, ...describe(problem, kongVersion))
  }
}

function describe({ path, text, severity }: SchemaProblem, kongVersion: string): readonly [reason: string, remedy: string] {
  const attribute =
    /\.(default|between|len_\w+|match\w*|not_match|one_of|not_one_of|json_schema|deprecation|examples|entity_checks)\b/.exec(path)?.[1]
  if (severity === 'error' && attribute === 'default')
    return [`its default breaks its own rule: ${text}`, 'change the initialiser or the rule']
  const where = attribute === undefined ? '' : `${attribute}: `
  return severity === 'error'
    ? [`Kong ${kongVersion} would not start with it: ${where}${text}`, 'change the option that causes it']
    : [`Kong accepts it, but ${where}${text}`, 'change the option that causes it']
}

interface Member {
  readonly className: string
  readonly member: string | undefined
}

/** Follows Kong's names, `config.rules[].path`, back to the class and its property. */
function findMember({ config, pluginClass }: PluginDefinition, { field, path }: SchemaProblem): Member {
  const [head, ...names] = field.replaceAll(/\[\]|\{key\}|\{\}/g, '').split('.')
  if (head === 'config') return follow(config, names, pluginClass.name)
  // Some of Kong's errors have the bare name of the field, however deep it is.
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

/** class-transformer's `TransformationType.PLAIN_TO_CLASS`. */
const PLAIN_TO_CLASS = 0

/**
 * Finds `@Type` and `@Transform` that were imported from class-transformer itself. A running server does not see them: class-transformer
 * does not export where it stores them, and a bundle can contain that place twice.
 */
function checkClassTransformer({ construct, fields }: RecordDefinition, problems: DefinitionProblems): void {
  for (const { property, type } of fields) {
    if (construct !== undefined) {
      const add = (decorator: string): void =>
        problems.add(
          construct.name,
          property,
          `its @${decorator} is imported from class-transformer, where kong-ts does not see it`,
          `import ${decorator} from @kong-ts/core`,
        )
      const hint = defaultMetadataStorage.findTypeMetadata(construct, property)?.typeFunction
      if (hint !== undefined && readTypeHint(construct, property) === undefined) add('Type')
      const transforms = defaultMetadataStorage.findTransformMetadatas(construct, property, PLAIN_TO_CLASS)
      if (transforms.length > readTransforms(construct, property).length) add('Transform')
    }
    const inner = innerRecord(type)
    if (inner !== undefined) checkClassTransformer(inner, problems)
  }
}
