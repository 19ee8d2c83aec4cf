import type { Command } from 'commander'
import { startGateway } from '@kong-ts/testing/gateway'
import { findPluginServers } from '../dev/find-plugin-servers.js'
import { readProxyPort } from '../dev/proxy-port.js'
import { createTerminalLog } from '../dev/terminal-log.js'
import { untilSignal } from '../dev/until-signal.js'

/** Kong's own. */
const DEFAULT_PORT = 8000

interface DevOptions {
  readonly server: readonly string[]
  readonly port?: string
  readonly verbose?: boolean
}

/** `kong-ts dev <kong.yml>`: a stand-in for Kong on this machine, with the plugin servers started as Kong starts them. */
export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description('serve a declarative config (kong.yml) with a stand-in for Kong that runs your plugin servers')
    .argument('<kong.yml>', 'services, routes and plugins, as Kong reads them without a database')
    .option('-s, --server <script>', 'script that calls startServer (repeatable). Default: kong.conf beside kong.yml, else "main" of the nearest package.json', collect, [])
    .option('-p, --port <port>', 'port of the proxy on 127.0.0.1. Default: KONG_TS_PROXY_PORT, proxy_listen of kong.conf, 8000')
    .option('-v, --verbose', "print debug lines of Kong's error log too")
    .action(dev)
}

async function dev(configFile: string, options: DevOptions): Promise<void> {
  const ended = untilSignal()
  const log = createTerminalLog(options.verbose ?? false)
  const port = readProxyPort(options.port)
  const { warnings, proxyListen, ...found } = await findPluginServers(configFile, options.server)
  for (const warning of warnings) log('warn', warning)
  const listeners = port === undefined && proxyListen !== undefined ? { proxyListen } : { proxyPort: port ?? DEFAULT_PORT }
  const gateway = await startGateway({ config: configFile, log, ...found, ...listeners })
  try {
    process.stdout.write(`ready on ${gateway.proxyUrl}, try: curl -si ${gateway.proxyUrl}/ (Ctrl-C ends)\n`)
    await ended
  } finally {
    await gateway.close()
  }
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value]
}
