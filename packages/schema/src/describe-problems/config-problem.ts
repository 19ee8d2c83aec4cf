/** One violation in a configuration, under the path a Kong user knows: `config.rules[2].action`. */
export interface ConfigProblem {
  readonly path: string
  readonly text: string
}
