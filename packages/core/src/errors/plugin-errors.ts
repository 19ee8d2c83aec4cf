import type { Phase } from '../phase/phase.js'
import { KongTsError } from './kong-ts-error.js'

/** One mistake in a plugin class, with what to do about it. */
export interface DefinitionProblem {
  /** The class with the mistake: the plugin or one of its record classes. */
  readonly className: string
  /** The property, method or constructor parameter; absent when the mistake is in the class as a whole. */
  readonly member?: string
  /** What is wrong. */
  readonly reason: string
  /** What to change. */
  readonly remedy: string
}

/** Collects mistakes while a definition is built, so that all of them are reported together. */
export class DefinitionProblems {
  readonly #problems: DefinitionProblem[] = []

  add(className: string, member: string | undefined, reason: string, remedy: string): void {
    this.#problems.push(member === undefined ? { className, reason, remedy } : { className, member, reason, remedy })
  }

  /** Whether the member already has a problem. */
  has(className: string, member: string | undefined): boolean {
    return this.#problems.some((problem) => problem.className === className && problem.member === member)
  }

  /** @throws PluginDefinitionError when there is a problem. */
  throwIfAny(className: string): void {
    if (this.#problems.length > 0) throw new PluginDefinitionError(className, this.#problems)
  }
}

/** A class that cannot be a Kong plugin. Reports every mistake at once. */
export class PluginDefinitionError extends KongTsError {
  readonly problems: readonly DefinitionProblem[]

  constructor(className: string, problems: readonly DefinitionProblem[]) {
    const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`
    super(
      'ERR_PLUGIN_DEFINITION',
      `${className} cannot be a Kong plugin (${count})\n${problems.map((problem) => `  ${format(problem)}`).join('\n')}`,
    )
    this.problems = problems
  }
}

/** `Class.member: reason; remedy` */
function format({ className, member, reason, remedy }: DefinitionProblem): string {
  return `${className}${member === undefined ? '' : `.${member}`}: ${reason}; ${remedy}`
}

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

/** A handler that took longer than the timeout of its phase. The client got 504, unless the phase fails open. */
export class PhaseTimeoutError extends KongTsError {
  constructor(plugin: string, phase: Phase, timeout: number) {
    super(
      'ERR_PHASE_TIMEOUT',
      `the ${phase} handler of plugin ${plugin} took longer than ${timeout} ms: limit what it waits for (kong.signal is aborted at the deadline), or raise its timeout, at most to 60000`,
    )
  }
}
