import { KongTsError } from './kong-ts-error.js'

/** One problem of a configuration, under the path that a Kong user knows: `config.rules[2].action`. */
export interface ConfigProblem {
  readonly path: string
  readonly text: string
}

/** A configuration that a plugin refuses, with every problem at once. Kong answers requests with 500 until it is corrected. */
export class ConfigError extends KongTsError {
  readonly problems: readonly ConfigProblem[]

  constructor(pluginName: string, problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const list = problems.map(({ path, text }) => `${path}: ${text}`).join('; ')
    super('ERR_PLUGIN_CONFIG', `configuration of plugin ${pluginName} refused: ${list}. Correct these fields in the configuration`, options)
    this.problems = problems
  }
}
