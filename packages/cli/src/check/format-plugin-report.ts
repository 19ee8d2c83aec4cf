import type { LateRule } from '@kong-ts/core/tooling'
import type { ConfigReport, PluginReport } from './plugin-report.js'
import { formatSchemaTable } from './schema-table.js'

/** What `kong-ts check` prints about a plugin. */
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
