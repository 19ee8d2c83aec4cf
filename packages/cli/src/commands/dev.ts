import { Option, type Command } from 'commander'
import {
  GatewayConfigError,
  GatewayStartError,
  scriptServerName,
  startGateway,
  type Gateway,
  type GatewayLog,
} from '@kong-ts/simulator/gateway'
import { findPluginServers } from '../dev/find-plugin-servers.js'
import { startCompilers, watchScripts } from '../dev/watch-scripts.js'
import { createTerminalLog, untilSignal } from '../dev/terminal.js'
import { findStaleSource } from '../files/project-files.js'

/** Kong's own port for HTTP. */
const DEFAULT_PORT = 8000

interface DevOptions {
  readonly server: readonly string[]
  readonly port?: string
  readonly verbose?: boolean
  readonly watch?: boolean
}

const HELP = `
Plugin servers are started as Kong starts them: child processes with an empty
environment, on sockets of their own. A route without a service is answered by
an echo of the request. What the plugins log, and why a request was ended, is on
stderr.

Exit code: 0 after Ctrl-C or SIGTERM, or 1 when it cannot start.

Examples:
  kong-ts dev kong.yml --watch      builds first, and again on every change
  kong-ts dev kong.yml -s dist/main.js -s ../other/dist/main.js -p 9000`

/** `kong-ts dev <kong.yml>`: the simulated gateway on this machine. It starts plugin servers as Kong does. */
export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .summary('serve a kong.yml with a stand-in for Kong that runs your plugin servers')
    .description('Serves a declarative config (kong.yml) with a stand-in for Kong that runs your plugin servers.')
    .argument('<kong.yml>', 'services, routes and plugins, as Kong reads them without a database')
    .addOption(
      new Option('-s, --server <script>', 'script that calls startServer; may be given several times')
        .argParser(collect)
        .default([], 'those of kong.conf beside kong.yml, else "main" of the nearest package.json'),
    )
    .option(
      '-p, --port <port>',
      'port of the proxy on 127.0.0.1, 0 for any free one; else KONG_TS_PROXY_PORT, else proxy_listen of kong.conf, else 8000',
    )
    .option('-w, --watch', 'rebuild and restart a plugin server when its source changes, and read kong.yml anew when it does')
    .option('-v, --verbose', 'print debug lines and whole stacks too')
    .addHelpText('after', HELP)
    .action(dev)
}

async function dev(configFile: string, options: DevOptions): Promise<void> {
  const ended = untilSignal()
  const log = createTerminalLog(options.verbose ?? false)
  const port = readProxyPort(options.port)
  const { warnings, proxyListen, ...found } = await findPluginServers(configFile, options.server)
  for (const warning of warnings) log('warn', warning)
  const scripts = found.scripts ?? []
  const compiling = options.watch === true ? startCompilers(scripts, log) : undefined
  if (compiling === undefined) warnOfStaleBuilds(scripts, log)
  try {
    await compiling?.built
    const listeners = port === undefined && proxyListen !== undefined ? { proxyListen } : { proxyPort: port ?? DEFAULT_PORT }
    const gateway = await startGateway({ config: configFile, log, watch: options.watch ?? false, ...found, ...listeners }).catch(
      nameThePortOption,
    )
    const watching = options.watch === true ? watchScripts(scripts, (script) => void restart(gateway, script, log)) : undefined
    try {
      process.stdout.write(`ready on ${gateway.proxyUrl}, try: curl -si ${gateway.proxyUrl}/ (Ctrl-C ends)\n`)
      await ended
    } finally {
      watching?.close()
      await gateway.close()
    }
  } finally {
    compiling?.close()
  }
}

/**
 * The port of the proxy from the command line or `KONG_TS_PROXY_PORT`; `undefined` without both.
 *
 * @throws GatewayConfigError for a text that is not a port.
 */
function readProxyPort(option: string | undefined): number | undefined {
  const given = option ?? process.env['KONG_TS_PROXY_PORT']
  if (given === undefined || given === '') return undefined
  const port = Number(given)
  if (!/^\d+$/.test(given) || port > 65535) {
    throw new GatewayConfigError(
      `${option === undefined ? 'KONG_TS_PROXY_PORT' : '--port'} is "${given}": use a port from 1 to 65535, or 0 for any free one`,
    )
  }
  return port
}

function warnOfStaleBuilds(scripts: readonly string[], log: GatewayLog): void {
  for (const script of scripts) {
    const stale = findStaleSource(script)
    if (stale !== undefined) log('warn', `${stale} is newer than what was built: build again, or use --watch`)
  }
}

/** Adds the option to the message: the gateway does not know how its port was chosen. */
function nameThePortOption(error: unknown): never {
  const cause: unknown = error instanceof GatewayStartError ? error.cause : undefined
  if (!(error instanceof GatewayStartError) || !(cause instanceof Error) || !('syscall' in cause) || cause.syscall !== 'listen') throw error
  throw new GatewayStartError(`${error.message}, with -p 8001 or KONG_TS_PROXY_PORT=8001 (0 takes any free one)`, { cause })
}

/** Requests under way end on the old plugin server. A new one that cannot start leaves the old one in place. */
async function restart(gateway: Gateway, script: string, log: GatewayLog): Promise<void> {
  const name = scriptServerName(script)
  try {
    await gateway.restartPluginServers([name])
    log('notice', `${name}: restarted with what was built`)
  } catch (error) {
    log('error', `${name}: still the old one, since the new one does not start: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value]
}
