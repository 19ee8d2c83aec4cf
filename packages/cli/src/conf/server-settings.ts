import { join } from 'node:path'
import type { KongGeneration } from './kong-generation.js'

/** A plugin server that Kong is to run. */
export interface ConfiguredServer {
  /** Absolute, on Kong's machine. */
  readonly script: string
  readonly plugins: readonly [string, ...string[]]
}

/** What the commands of all servers have in common. */
export interface ServerMachine {
  /** Absolute path of Node.js on Kong's machine. */
  readonly node: string
  readonly prefix: string
  readonly protocol: string | undefined
}

/** A setting of kong.conf: name and value, as they are meant. */
export type Setting = readonly [name: string, value: string]

/** The settings that make Kong run these plugin servers. All three of each server are said: Kong's own defaults differ from version to version. */
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

/** Kong makes names of servers lower-case. */
interface ServerEntry {
  readonly name: string
  readonly server: ConfiguredServer
  /** Dumps one plugin of several. */
  readonly only: string | undefined
  /** One entry of each socket starts the server. */
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
  const command = [node, server.script].map(quote).join(' ') + (protocol === undefined ? '' : ` -protocol ${protocol}`)
  return [
    [`${stem}_socket`, join(prefix, `${server.plugins[0]}.socket`)],
    ...(starts ? [[`${stem}_start_cmd`, `${command} -kong-prefix ${quote(prefix)} -exit-on-stdin-close`] as const] : []),
    [`${stem}_query_cmd`, `${command} -dump${only === undefined ? '' : `=${only}`}`],
  ]
}

/** For the shell that Kong runs commands with. */
function quote(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
