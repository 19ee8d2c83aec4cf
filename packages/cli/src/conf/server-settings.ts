import { join } from 'node:path'
import { stringify } from 'yaml'
import { quoteForShell } from '@kong-ts/simulator/gateway'
import type { KongGeneration } from './kong-generation.js'

/** A plugin server that Kong is to run. */
export interface ConfiguredServer {
  /** Absolute, on Kong's machine. */
  readonly script: string
  readonly plugins: readonly [string, ...string[]]
}

/** The parts that the commands of all servers share. */
export interface ServerMachine {
  /** Absolute path of Node.js on Kong's machine. */
  readonly node: string
  readonly prefix: string
  readonly protocol: string | undefined
}

/** A setting of kong.conf: its name and its value, not escaped. */
export type Setting = readonly [name: string, value: string]

/** The settings with which Kong runs these plugin servers. Each server gets all three: Kong's defaults differ between versions. */
export function serverSettings(
  servers: readonly ConfiguredServer[],
  machine: ServerMachine,
  { takesWholeDumps }: KongGeneration,
): readonly Setting[] {
  const entries = servers.flatMap((server) => (takesWholeDumps ? [wholeServer(server)] : perPlugin(server)))
  return [
    ['plugins', ['bundled', ...servers.flatMap(({ plugins }) => plugins)].join(',')],
    ['pluginserver_names', entries.map(({ name }) => name).join(',')],
    ...entries.flatMap((entry) => entrySettings(entry, machine)),
  ]
}

interface ServerEntry {
  /** Lower-case, because Kong makes the names of servers lower-case. */
  readonly name: string
  readonly server: ConfiguredServer
  /** The only plugin that the entry dumps; undefined for all. */
  readonly only: string | undefined
  /** True for the one entry of a socket that starts the server. */
  readonly starts: boolean
}

function wholeServer(server: ConfiguredServer): ServerEntry {
  return { name: server.plugins[0].toLowerCase(), server, only: undefined, starts: true }
}

function perPlugin(server: ConfiguredServer): readonly ServerEntry[] {
  const isAlone = server.plugins.length === 1
  return server.plugins.map((name, index) => ({ name: name.toLowerCase(), server, only: isAlone ? undefined : name, starts: index === 0 }))
}

function entrySettings({ name, server, only, starts }: ServerEntry, { node, prefix, protocol }: ServerMachine): readonly Setting[] {
  const stem = `pluginserver_${name.replaceAll('-', '_')}`
  const command = [node, server.script].map(quoteForShell).join(' ') + (protocol === undefined ? '' : ` -protocol ${protocol}`)
  return [
    [`${stem}_socket`, join(prefix, `${server.plugins[0]}.socket`)],
    ...(starts ? [[`${stem}_start_cmd`, `${command} -kong-prefix ${quoteForShell(prefix)} -exit-on-stdin-close`] as const] : []),
    [`${stem}_query_cmd`, `${command} -dump${only === undefined ? '' : `=${only}`}`],
  ]
}

/** Writes settings, by format. */
export const SETTING_FORMATS = {
  /** Lines of kong.conf. `#` begins a comment there. */
  conf: (settings: readonly Setting[]) => settings.map(([name, value]) => `${name} = ${value.replaceAll('#', '\\#')}`).join('\n'),
  /** Lines for `docker run --env-file`, or for systemd's EnvironmentFile. */
  env: (settings: readonly Setting[]) => settings.map(([name, value]) => `${variable(name)}=${value}`).join('\n'),
  /** The environment of a service in a compose file. `$` begins a variable there. */
  compose: (settings: readonly Setting[]) => {
    const environment = Object.fromEntries(settings.map(([name, value]) => [variable(name), value.replaceAll('$', '$$$$')]))
    return stringify({ environment }, { lineWidth: 0 }).trimEnd()
  },
} as const

export type SettingFormat = keyof typeof SETTING_FORMATS

/** Kong's variable for a setting. It overrides kong.conf. */
function variable(name: string): string {
  return `KONG_${name.toUpperCase()}`
}
