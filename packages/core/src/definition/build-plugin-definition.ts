import { DEFAULT_PHASE_TIMEOUT } from '../decorators/phase-options.js'
import { PluginDefinitionError } from '../errors/plugin-definition-error.js'
import type { Constructor } from '../metadata/constructor.js'
import { readPhases, readPlugin } from '../metadata/metadata-store.js'
import { toKongEntityCheck } from '../schema/entity-checks-in-kong.js'
import { buildTopLevelFields } from '../schema/top-level-fields.js'
import { buildRecordDefinition } from './build-fields.js'
import { checkEntityChecks } from './check-entity-checks.js'
import { checkGeneratedSchema } from './check-generated-schema.js'
import { checkFields, checkPlugin } from './check-plugin-definition.js'
import { DefinitionProblems } from './definition-problems.js'
import { freezeDeep } from './freeze-deep.js'
import { toKebabCase } from './naming.js'
import type { Phase } from './phase.js'
import type { PhaseDefinition, PluginDefinition } from './plugin-definition.js'

/**
 * Reads a decorated class into the one frozen definition that everything else works from. Done once, when the plugin is loaded.
 *
 * @throws PluginDefinitionError with every mistake of the class and its records at once.
 */
export function buildPluginDefinition(target: Constructor): PluginDefinition {
  const problems = new DefinitionProblems()
  const args = readPlugin(target)
  if (args === undefined) {
    problems.add(target.name, undefined, 'it has no @Plugin', "decorate the class: @Plugin('1.0.0', 1000)")
    throw new PluginDefinitionError(target.name, problems.all)
  }
  const name = args.options.name ?? toKebabCase(target.name)
  const handlers = readPhases(target)
  checkPlugin(target, name, args, handlers, problems)
  const config = buildRecordDefinition(target, args.options.entityChecks, [], problems)
  checkFields(config, target.name, true, problems)
  const topLevelEntityChecks = (args.options.pluginEntityChecks ?? []).map(toKongEntityCheck)
  checkEntityChecks(config, target.name, topLevelEntityChecks, problems)

  const phases = new Map<Phase, PhaseDefinition>()
  for (const [phase, [first]] of handlers) {
    if (first === undefined) continue
    const { failOpen = false, timeout = DEFAULT_PHASE_TIMEOUT } = first.options
    phases.set(phase, Object.freeze({ phase, handler: first.handler, failOpen, timeout }))
  }
  const { kongVersion } = args.options
  const definition: PluginDefinition = Object.freeze({
    name,
    version: args.version,
    priority: args.priority,
    phases,
    config: freezeDeep(config),
    topLevelFields: freezeDeep(buildTopLevelFields(args.options, [...phases.keys()])),
    topLevelEntityChecks: freezeDeep(topLevelEntityChecks),
    pluginClass: target,
    ...(kongVersion === undefined ? {} : { kongVersion }),
  })
  checkGeneratedSchema(definition, problems)
  if (problems.all.length > 0) throw new PluginDefinitionError(target.name, problems.all)
  return definition
}
