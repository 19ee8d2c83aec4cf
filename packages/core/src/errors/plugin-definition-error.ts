import { formatDefinitionProblem, type DefinitionProblem } from './definition-problem.js'
import { KongTsError } from './kong-ts-error.js'

/** Everything that is wrong with a plugin class, reported at once. */
export class PluginDefinitionError extends KongTsError {
  readonly problems: readonly DefinitionProblem[]

  constructor(className: string, problems: readonly DefinitionProblem[]) {
    const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`
    super(
      'ERR_PLUGIN_DEFINITION',
      `${className} cannot be a Kong plugin (${count})\n${problems.map((problem) => `  ${formatDefinitionProblem(problem)}`).join('\n')}`,
    )
    this.problems = problems
  }
}
