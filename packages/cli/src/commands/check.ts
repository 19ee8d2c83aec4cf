import type { Command } from 'commander'
import { checkSchema, completeConfig, describeProblems, oldestKongFor, type LateRule } from '@kong-ts/core'
import { readPluginEntries, type PluginEntry } from '../check/read-plugin-entries.js'
import { formatSchemaTable } from '../check/schema-table.js'
import { loadPlugins } from '../schema/load-plugins.js'
import type { LoadedPlugin } from '../schema/loaded-plugin.js'
import { PluginFileError } from '../schema/plugin-file-error.js'

const NEWEST_KONG = '3.9'

interface CheckOptions {
  readonly config?: string
  readonly kongVersion: string
}

/** `kong-ts check <plugin>`: shows the schema, and says whether Kong takes it and the configurations in a file. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description("show a plugin's schema as a table, and check it and configurations by Kong's rules; exit code 1 when something is wrong")
    .argument('<plugin>', 'built script that calls startServer, or module that exports plugin classes')
    .option('-c, --config <file>', 'kong.yml, or JSON of a config or of a plugin entry')
    .option('--kong-version <version>', 'the Kong to check for, such as 3.4', NEWEST_KONG)
    .action(check)
}

async function check(file: string, { config, kongVersion }: CheckOptions): Promise<void> {
  const plugins = await loadPlugins(file)
  const entries = config === undefined ? undefined : await readPluginEntries(config, plugins)
  if (entries?.length === 0) throw new PluginFileError(`${String(config)} configures none of ${plugins.map(({ name }) => name).join(', ')}`)
  const reports = plugins.map((plugin) =>
    reportPlugin(
      plugin,
      entries?.filter(({ plugin: name }) => name === plugin.name),
      kongVersion,
    ),
  )
  process.stdout.write(`${reports.map(({ lines }) => lines.join('\n')).join('\n\n')}\n`)
  if (reports.some(({ failed }) => failed))
    throw new PluginFileError(`${[file, ...(config === undefined ? [] : [config])].join(', ')}: not taken, see above`)
}

interface Report {
  readonly lines: readonly string[]
  readonly failed: boolean
}

function reportPlugin(plugin: LoadedPlugin, entries: readonly PluginEntry[] | undefined, kongVersion: string): Report {
  const { name, version, priority, phases, schema, lateRules } = plugin
  const lines = [
    `${name} ${version}, priority ${priority}, phases ${phases.join(', ')}; its schema needs Kong ${oldestKongFor(schema)} or newer`,
    '',
    ...formatSchemaTable(schema),
    ...(lateRules === undefined || lateRules.length === 0
      ? []
      : ['', 'Checked by the plugin server when an instance starts, not by Kong:', ...lateRules.map(formatLateRule)]),
  ]
  const problems = checkSchema(schema, { kongVersion, pluginName: name })
  for (const { path, field, text, severity } of problems) lines.push('', `${severity}: ${field || path || 'schema'}: ${text}`)
  const isRefused = problems.some(({ severity }) => severity === 'error')
  lines.push(
    '',
    isRefused
      ? `Kong ${kongVersion} does not start with this schema (kongVersion of @Plugin leaves out what an old Kong does not know)`
      : `Kong ${kongVersion} takes this schema`,
  )
  if (isRefused || entries === undefined) return { lines, failed: isRefused }
  const verdicts = entries.map((entry) => checkEntry(plugin, entry, kongVersion))
  return { lines: [...lines, ...verdicts.flatMap((verdict) => verdict.lines)], failed: verdicts.some((verdict) => verdict.failed) }
}

function checkEntry({ name, schema }: LoadedPlugin, { place, entry }: PluginEntry, kongVersion: string): Report {
  const outcome = completeConfig(schema, entry, { kongVersion, pluginName: name })
  if (outcome.status === 'completed') return { lines: [`${place}: taken`], failed: false }
  if (outcome.status !== 'refused') return { lines: [`${place}: makes Kong fail: ${outcome.crash}`], failed: true }
  return {
    lines: describeProblems(schema, entry, outcome.problems, kongVersion).map(({ path, text }) => `${place}: ${path}: ${text}`),
    failed: true,
  }
}

function formatLateRule({ path, rules }: LateRule): string {
  return `  ${path}: ${rules.join(', ')}`
}
