import type { Command } from 'commander'
import { startGateway, type Gateway } from '@kong-ts/testing/gateway'
import { readProxyPort } from '../dev/proxy-port.js'
import { createTerminalLog } from '../dev/terminal-log.js'
import { untilSignal } from '../dev/until-signal.js'
import { findPluginServers } from '../dev/find-plugin-servers.js'
import { createPrefix } from '../dev/prefix.js'

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
  const prefix = await createPrefix()
  let gateway: Gateway | undefined
  try {
    const ended = untilSignal()
    const { pluginServers, settings } = await findPluginServers(configFile, options.server, prefix.path)
    gateway = await startGateway({
      config: configFile,
      pluginServers,
      prefix: prefix.path,
      proxyPort: readProxyPort(options.port, settings),
      settings: settings?.node ?? {},
      log: createTerminalLog(options.verbose ?? false),
    })
    process.stdout.write(`ready on ${gateway.proxyUrl}, try: curl -si ${gateway.proxyUrl}/ (Ctrl-C ends)\n`)
    await ended
  } finally {
    await gateway?.close()
    await prefix.remove()
  }
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value]
}
