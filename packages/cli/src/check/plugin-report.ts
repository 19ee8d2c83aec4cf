import type { ConfigProblem } from '@kong-ts/core'
import { oldestKongFor, type LateRule } from '@kong-ts/core/tooling'
import {
  checkSchema,
  completeConfig,
  describeProblems,
  fieldNamed,
  namedFields,
  type KongField,
  type KongSchema,
  type SchemaProblem,
} from '@kong-ts/schema'
import type { LoadedPlugin } from '../load-plugins/load-plugins.js'
import type { PluginEntry } from './read-plugin-entries.js'
import { formatSchemaTable } from './schema-table.js'

/** Kong's verdict on one configuration. */
export interface ConfigReport {
  /** `kong.yml: services[0].plugins[1]`. */
  readonly place: string
  readonly taken: boolean
  readonly problems: readonly ConfigProblem[]
  /** The error with which Kong's own code fails instead of refusing the configuration. */
  readonly crash?: string
}

/** Kong's verdict on a plugin's schema, and on configurations. */
export interface PluginReport {
  readonly plugin: LoadedPlugin
  /** The oldest Kong that knows every attribute of the schema. */
  readonly needsKong: string
  readonly problems: readonly SchemaProblem[]
  /** Kong starts with the schema. */
  readonly taken: boolean
  /** The fields that every configuration must give. */
  readonly mandatory: readonly string[]
  /** Rules that the plugin server checks when an instance starts; `undefined` when only the dump is known. */
  readonly lateRules: readonly LateRule[] | undefined
  readonly configs: readonly ConfigReport[]
}

/** Checks a plugin as this version of Kong does; configurations only when Kong accepts the schema. */
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

/** True when Kong refuses the schema or a configuration. */
export function isRefused({ taken, configs }: PluginReport): boolean {
  return !taken || configs.some((config) => !config.taken)
}

function reportConfig({ name, schema }: LoadedPlugin, { place, entry }: PluginEntry, kongVersion: string): ConfigReport {
  const outcome = completeConfig(schema, entry, { kongVersion, pluginName: name })
  if (outcome.status === 'completed') return { place, taken: true, problems: [] }
  if (outcome.status !== 'refused') return { place, taken: false, problems: [], crash: outcome.crash }
  return { place, taken: false, problems: describeProblems(schema, entry, outcome.problems, kongVersion) }
}

/** The required fields without a default. */
function findMandatoryFields(schema: KongSchema): readonly string[] {
  const config = fieldNamed({ type: 'record', fields: schema.fields }, 'config')
  return config === undefined ? [] : inRecord(config, 'config')
}

/** Kong adds a required record by itself, so only fields inside it can be missing. */
function inRecord(record: KongField, path: string): readonly string[] {
  return namedFields(record).flatMap(([name, field]) => {
    if (field['required'] !== true || field['default'] !== undefined) return []
    return field.type === 'record' ? inRecord(field, `${path}.${name}`) : [`${path}.${name}`]
  })
}

/** The lines that `kong-ts check` prints about a plugin. */
export function formatPluginReport(report: PluginReport, kongVersion: string): readonly string[] {
  const { plugin, needsKong, problems, taken, mandatory, lateRules, configs } = report
  const { name, version, priority, phases, schema } = plugin
  return [
    `${name} ${version}, priority ${priority}, phases ${phases.join(', ')}; its schema needs Kong ${needsKong} or newer`,
    '',
    ...formatSchemaTable(schema),
    ...(mandatory.length === 0 ? [] : ['', `Every configuration must give ${mandatory.join(', ')}`]),
    ...(lateRules === undefined || lateRules.length === 0
      ? []
      : ['', 'Checked by the plugin server when an instance starts, not by Kong:', ...lateRules.map(formatLateRule)]),
    ...problems.flatMap(({ path, field, text, severity }) => ['', `${severity}: ${field || path || 'schema'}: ${text}`]),
    '',
    taken
      ? `Kong ${kongVersion} takes this schema`
      : `Kong ${kongVersion} does not start with this schema (kongVersion of @Plugin leaves out what an old Kong does not know)`,
    ...configs.flatMap(formatConfig),
  ]
}

function formatConfig({ place, taken, problems, crash }: ConfigReport): readonly string[] {
  if (taken) return [`${place}: taken`]
  return crash === undefined ? problems.map(({ path, text }) => `${place}: ${path}: ${text}`) : [`${place}: makes Kong fail: ${crash}`]
}

function formatLateRule({ path, rules }: LateRule): string {
  return `  ${path}: ${rules.join(', ')}`
}
