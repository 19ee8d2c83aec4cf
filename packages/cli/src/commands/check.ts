import { Option, type Command } from 'commander'
import { PROTOCOL_NAMES, type ProtocolName } from '@kong-ts/runtime'
import { NEWEST_KONG_VERSION } from '@kong-ts/schema'
import { formatPluginReport, isRefused, reportPlugin, type PluginReport } from '../check/plugin-report.js'
import { readPluginEntries, type PluginEntry } from '../check/read-plugin-entries.js'
import type { SourceReport } from '../check/source-report.js'
import { findStaleSource } from '../files/project-files.js'
import { loadPlugins, type LoadedPlugin } from '../load-plugins/load-plugins.js'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

interface CheckOptions {
  readonly config?: string
  readonly kongVersion: string
  readonly source?: string
  readonly protocol?: ProtocolName
  readonly json?: boolean
}

const HELP = `
PDK calls are found by their types, wherever the PDK was passed to: in the
source of the script and in what it imports, but not in installed packages. A
name that is put together at run time, as in kong.raw(name), is not seen. The
phases of a call are those of the handlers that refer to its function, directly
or by way of others.

error    a schema or configuration that Kong refuses, or a call that the
         protocol of the server (or --protocol) cannot carry, or no protocol
warning  a call that Kong refuses in one of its phases, or a field that is
         required in spite of its "?"
note     a call that is missing on the other protocol, or works in Kong Gateway
         Enterprise only

Exit code: 0, or 1 when there is an error.

Examples:
  kong-ts check dist/main.js --config kong.yml
  kong-ts check dist/main.js --protocol ProtoBuf:1
  kong-ts check dist/main.js --json | jq .source.calls`

/** `kong-ts check <plugin>`: shows schema and PDK calls, and whether Kong accepts the schema and the configurations in a file. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .summary("show a plugin's schema and PDK calls, and check them and configurations by Kong's rules")
    .description("Shows a plugin's schema as a table and the PDK calls in its source, and checks them and configurations by Kong's rules.")
    .argument('<plugin>', 'built script that calls startServer, or module that exports plugin classes')
    .option('-c, --config <file>', 'kong.yml, or JSON of a config or of a plugin entry')
    .option('--kong-version <version>', 'the Kong to check for, such as 3.4', NEWEST_KONG_VERSION)
    .addOption(
      new Option('--protocol <name>', 'check PDK calls for this protocol. Default: what the script speaks').choices(PROTOCOL_NAMES),
    )
    .option('--source <file>', 'TypeScript file that the script is built from. Default: as tsconfig.json says, else src/<name>.ts')
    .option('--json', 'print one JSON object: { ok, kongVersion, plugins, source }')
    .addHelpText('after', HELP)
    .action(check)
}

async function check(file: string, { config, kongVersion, source, protocol, json }: CheckOptions): Promise<void> {
  const stale = findStaleSource(file)
  if (stale !== undefined)
    process.stderr.write(`kong-ts: ${stale} is newer than what was built: build again, or the schema below is the old one\n`)
  const plugins = await loadPlugins(file)
  const entries = config === undefined ? [] : await readPluginEntries(config, plugins)
  if (config !== undefined && entries.length === 0)
    throw new PluginFileError(`${config} configures none of ${plugins.map(({ name }) => name).join(', ')}`)
  const reports = plugins.map((plugin) => reportPlugin(plugin, entriesOf(plugin, entries), kongVersion))
  // Loads TypeScript, which takes longer than the other commands run.
  const { formatSourceReport, reportSource } = await import('../check/source-report.js')
  const sourceReport = await reportSource(file, source, protocol ?? protocolOf(plugins))
  const ok = !reports.some(isRefused) && !hasErrors(sourceReport)
  process.stdout.write(
    json === true
      ? `${formatJson(ok, kongVersion, reports, sourceReport)}\n`
      : `${formatText(kongVersion, reports, sourceReport === undefined ? undefined : formatSourceReport(sourceReport), file)}\n`,
  )
  if (!ok) throw new PluginFileError(`${[file, ...(config === undefined ? [] : [config])].join(', ')}: not taken, see above`)
}

function entriesOf({ name }: LoadedPlugin, entries: readonly PluginEntry[]): readonly PluginEntry[] {
  return entries.filter(({ plugin }) => plugin === name)
}

function protocolOf(plugins: readonly LoadedPlugin[]): ProtocolName {
  return PROTOCOL_NAMES.find((name) => plugins.some(({ protocol }) => protocol === name)) ?? 'MsgPack:1'
}

function hasErrors(source: SourceReport | undefined): boolean {
  return source !== undefined && source.problems.some(({ severity }) => severity === 'error')
}

function formatText(kongVersion: string, reports: readonly PluginReport[], source: readonly string[] | undefined, file: string): string {
  const unseen = [
    `PDK calls were not checked: no TypeScript source of ${file} that imports @kong-ts/core was found. Name it with --source src/main.ts`,
  ]
  const sections = [...reports.map((report) => formatPluginReport(report, kongVersion)), source ?? unseen]
  return sections.map((lines) => lines.join('\n')).join('\n\n')
}

function formatJson(ok: boolean, kongVersion: string, reports: readonly PluginReport[], source: SourceReport | undefined): string {
  const plugins = reports.map(({ plugin: { name, version, priority, phases, protocol }, ...report }) => ({
    name,
    version,
    priority,
    phases,
    protocol,
    ...report,
  }))
  return JSON.stringify({ ok, kongVersion, plugins, source: source ?? null }, null, 2)
}
