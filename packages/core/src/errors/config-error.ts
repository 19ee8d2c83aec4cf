import { KongTsError } from './kong-ts-error.js'

/** One violation in a configuration, under the path a Kong user knows: `config.rules[2].action`. */
export interface ConfigProblem {
  readonly path: string
  readonly text: string
}

/** A configuration that a plugin refuses: every violation at once. Kong answers 500 until the configuration is mended. */
export class ConfigError extends KongTsError {
  readonly problems: readonly ConfigProblem[]

  constructor(pluginName: string, problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const list = problems.map(({ path, text }) => `${path}: ${text}`).join('; ')
    super(
      'ERR_PLUGIN_CONFIG',
      `configuration of plugin ${pluginName} refused: ${list}. Change it in Kong and the plugin starts with the next request`,
      options,
    )
    this.problems = problems
  }
}
