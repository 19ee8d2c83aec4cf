import type { Constructor } from '../declaration/constructor.js'
import { buildPluginDefinition } from '../definition/build-plugin-definition.js'
import { DefinitionProblems } from '../definition/definition-problems.js'
import type { PluginDefinition } from '../definition/plugin-definition.js'
import { PluginDefinitionError } from '../errors/plugin-definition-error.js'
import { checkEntityChecks } from './check-entity-checks.js'
import { checkGeneratedSchema } from './check-generated-schema.js'

/**
 * Builds a definition and judges it as Kong would.
 *
 * @throws PluginDefinitionError with every mistake at once: those of the class, and what Kong would say to its schema.
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
  if (problems.all.length > 0) throw new PluginDefinitionError(definition.pluginClass.name, problems.all)
}

function addFindings(definition: PluginDefinition, problems: DefinitionProblems): void {
  checkEntityChecks(definition.config, definition.pluginClass.name, definition.topLevelEntityChecks, problems)
  checkGeneratedSchema(definition, problems)
}
