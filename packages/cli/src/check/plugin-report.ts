import { checkSchema, completeConfig, describeProblems, type SchemaProblem } from '@kong-ts/schema'
import { oldestKongFor, type LateRule } from '@kong-ts/core/tooling'
import { type ConfigProblem } from '@kong-ts/core'
import type { LoadedPlugin } from '../load-plugins/loaded-plugin.js'
import type { PluginEntry } from './read-plugin-entries.js'
import { findMandatoryFields } from './mandatory-fields.js'

/** What Kong makes of one configuration. */
export interface ConfigReport {
  /** `kong.yml: services[0].plugins[1]`. */
  readonly place: string
  readonly taken: boolean
  readonly problems: readonly ConfigProblem[]
  /** What Kong fails with instead of refusing it; a bug of Kong's that the schema leads to. */
  readonly crash?: string
}

/** What Kong makes of a plugin's schema, and of configurations. */
export interface PluginReport {
  readonly plugin: LoadedPlugin
  /** The oldest Kong that knows every attribute of the schema. */
  readonly needsKong: string
  readonly problems: readonly SchemaProblem[]
  /** Kong starts with the schema. */
  readonly taken: boolean
  /** What every configuration has to give. */
  readonly mandatory: readonly string[]
  /** What the plugin server checks when an instance starts; `undefined` when only the dump is known. */
  readonly lateRules: readonly LateRule[] | undefined
  readonly configs: readonly ConfigReport[]
}

/** Checks a plugin as Kong `kongVersion` does. Configurations are looked at only when it takes the schema. */
export function reportPlugin(plugin: LoadedPlugin, entries: readonly PluginEntry[], kongVersion: string): PluginReport {
  const { name, schema, lateRules } = plugin
  const problems = checkSchema(schema, { kongVersion, pluginName: name })
  const taken = problems.every(({ severity }) => severity !== 'error')
  return {
    plugin,
    needsKong: oldestKongFor(schema),
    problems,
    taken,
    mandatory: findMandatoryFields(schema),
    lateRules,
    configs: taken ? entries.map((entry) => reportConfig(plugin, entry, kongVersion)) : [],
  }
}

/** Whether something keeps Kong from running the plugin with these configurations. */
export function isRefused({ taken, configs }: PluginReport): boolean {
  return !taken || configs.some((config) => !config.taken)
}

function reportConfig({ name, schema }: LoadedPlugin, { place, entry }: PluginEntry, kongVersion: string): ConfigReport {
  const outcome = completeConfig(schema, entry, { kongVersion, pluginName: name })
  if (outcome.status === 'completed') return { place, taken: true, problems: [] }
  if (outcome.status !== 'refused') return { place, taken: false, problems: [], crash: outcome.crash }
  return { place, taken: false, problems: describeProblems(schema, entry, outcome.problems, kongVersion) }
}
