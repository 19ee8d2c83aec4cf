import { DEFAULT_PHASE_TIMEOUT } from '../declaration/phase-options.js'
import { PluginDefinitionError } from '../errors/plugin-definition-error.js'
import type { Constructor } from '../declaration/constructor.js'
import { readPhases, readPlugin } from '../declaration/metadata-store.js'
import { toKongEntityCheck } from './entity-checks-in-kong.js'
import { buildTopLevelFields } from './top-level-fields.js'
import { buildRecordDefinition } from './build-fields.js'
import { checkFields, checkPlugin } from './check-plugin-definition.js'
import { DefinitionProblems } from './definition-problems.js'
import { freezeDeep } from './freeze-deep.js'
import { toKebabCase } from './naming.js'
import type { Phase } from '../phase/phase.js'
import type { PhaseDefinition, PluginDefinition } from './plugin-definition.js'

/** Looks at a definition that was built, and adds what is wrong with it to the mistakes that are known already. */
export type DefinitionJudge = (definition: PluginDefinition, problems: DefinitionProblems) => void

/**
 * Reads a decorated class into the one frozen definition that everything else works from. Done once, when the plugin is loaded.
 *
 * @param judge adds its own findings, so that all mistakes are reported together. A running server has none: Kong has accepted the schema.
 * @throws PluginDefinitionError with every mistake of the class and its records at once.
 */
export function buildPluginDefinition(target: Constructor, judge?: DefinitionJudge): PluginDefinition {
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
  judge?.(definition, problems)
  if (problems.all.length > 0) throw new PluginDefinitionError(target.name, problems.all)
  return definition
}
