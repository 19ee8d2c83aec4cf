import { basename, join } from 'node:path'
import { KongTsError } from '@kong-ts/core'
import { buildPluginDefinition, type Constructor, type PluginDefinition } from '@kong-ts/core/server'
import { parseArguments, type ServerCommand } from '../command-line/parse-arguments.js'
import { formatHelp } from '../command-line/server-options.js'
import { writeDump } from '../dump/stdout-guard.js'
import { ServerStartError } from '../errors/server-errors.js'
import { createServerLog, type LogLevel } from '../log/server-log.js'
import { DEFAULT_PROTOCOL, type ProtocolName } from '../protocol/protocol-name.js'
import { PluginServer } from '../server/plugin-server.js'
import { DEFAULT_LIMITS } from '../wire/limits.js'
import { handleProcessEvents } from './process-events.js'

/** `kong-ts build` makes this `true` in the file that it writes. */
declare const __KONG_TS_BUILT__: boolean | undefined

/** Plugins of a built file were judged when it was built. The branches that judge, and Kong's schema language with them, are not part of the file. */
const IS_BUILT = typeof __KONG_TS_BUILT__ === 'boolean' && __KONG_TS_BUILT__

/** A decorated class, or a definition written by hand. */
export type PluginSource = PluginDefinition | Constructor

export interface StartServerOptions {
  /**
   * The protocol that the server speaks and its dump tells Kong. `-protocol` on the command line overrides it. Default MsgPack:1, on which Kong
   * lets requests pass when the plugin server is gone; on ProtoBuf:1 Kong 3.8 and newer answer them with 500.
   */
  readonly protocol?: ProtocolName
  /** The command line. Default: the process's own. */
  readonly args?: readonly string[]
}

/**
 * Runs the process as a Kong plugin server for one plugin or several. With `-dump` it prints what Kong's query command reads, with `-help` the
 * options. Otherwise it listens on `<kong-prefix>/<name of the first plugin>.socket` until SIGTERM.
 *
 * When it cannot start, it prints the reason on stderr and sets the exit code 1.
 */
export async function startServer(plugins: PluginSource | readonly PluginSource[], options: StartServerOptions = {}): Promise<void> {
  try {
    const command = parseArguments(options.args ?? process.argv.slice(2))
    await run(command, definitionsOf(plugins), options.protocol ?? DEFAULT_PROTOCOL)
  } catch (error) {
    process.stderr.write(`${basename(process.argv[1] ?? 'plugin server')}: ${describeStartError(error)}\n`)
    process.exitCode = 1
  }
}

async function run(
  command: ServerCommand,
  definitions: readonly [PluginDefinition, ...PluginDefinition[]],
  protocol: ProtocolName,
): Promise<void> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(`${formatHelp(basename(process.argv[1] ?? 'server'), definitions)}\n`)
      break
    case 'dump':
      await dump(selected(command.only, definitions), command.protocol ?? protocol, command.logLevel)
      // Plugin modules may have opened what keeps the process alive. Kong waits only for the end of output, but a person would wait for ever.
      process.exit(0)
      break
    case 'serve': {
      const socketPath = command.socketPath ?? join(command.kongPrefix, `${definitions[0].name}.socket`)
      const log = createServerLog({ level: command.logLevel, format: command.logFormat })
      const { socketMode, maxMessageBytes, maxBufferedBytes, maxInstances } = command
      const limits = { ...DEFAULT_LIMITS, maxMessageBytes, maxBufferedBytes }
      const server = new PluginServer(definitions, {
        socketPath,
        log,
        protocol: command.protocol ?? protocol,
        socketMode,
        limits,
        maxInstances,
        instanceIdleTimeout: command.instanceIdleSeconds * 1000,
      })
      await server.listen()
      handleProcessEvents(server, log, { drainGrace: command.drainSeconds * 1000, exitOnStdinClose: command.exitOnStdinClose })
      log.info({}, `serving ${definitions.map(({ name, version }) => `${name} ${version}`).join(', ')} on ${socketPath}`)
    }
  }
}

/** Loads what a dump needs only here: a running server does without it. */
async function dump(definitions: readonly PluginDefinition[], protocol: ProtocolName, level: LogLevel): Promise<void> {
  if (!IS_BUILT) {
    const { judgeDefinition } = await import('@kong-ts/core/tooling')
    for (const definition of definitions) judgeDefinition(definition)
  }
  const { describeDump, formatDump } = await import('../dump/plugin-info.js')
  for (const note of definitions.flatMap((definition) => describeDump(definition, level))) process.stderr.write(`${note}\n`)
  await writeDump(formatDump(definitions, protocol))
}

function definitionsOf(plugins: PluginSource | readonly PluginSource[]): readonly [PluginDefinition, ...PluginDefinition[]] {
  const [first, ...rest] = isList(plugins) ? plugins : [plugins]
  if (first === undefined) throw new ServerStartError('no plugin given: startServer(MyPlugin)')
  const definitions = [definitionOf(first), ...rest.map(definitionOf)] as const
  const names = definitions.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new ServerStartError(`two plugins are named ${twice}: give one another name, @Plugin(…, { name })`)
  return definitions
}

function isList(plugins: PluginSource | readonly PluginSource[]): plugins is readonly PluginSource[] {
  return Array.isArray(plugins)
}

function definitionOf(source: PluginSource): PluginDefinition {
  return typeof source === 'function' ? buildPluginDefinition(source) : source
}

function selected(only: string | undefined, definitions: readonly PluginDefinition[]): readonly PluginDefinition[] {
  if (only === undefined) return definitions
  const found = definitions.filter(({ name }) => name === only)
  if (found.length === 0)
    throw new ServerStartError(
      `-dump=${only}: this server has no such plugin, but ${definitions.map(({ name }) => name).join(', ')}; -dump alone prints all`,
    )
  return found
}

/** The messages of our own errors say what to do; other errors need their stack. */
function describeStartError(error: unknown): string {
  if (error instanceof KongTsError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
