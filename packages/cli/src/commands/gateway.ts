import type { Command } from 'commander'
import { startGatewayFromConf } from '@kong-ts/simulator/gateway'
import { createTerminalLog, untilSignal } from '../dev/terminal.js'

interface GatewayCommandOptions {
  readonly conf: string
  readonly verbose?: boolean
  readonly watch?: boolean
}

const HELP = `
Settings that are not simulated are named once. All listeners are on loopback,
whatever the file says. The Admin API answers where admin_listen is set.

Exit code: 0 after Ctrl-C or SIGTERM, or 1 when it cannot start.

Example:
  kong-ts gateway --conf kong.conf`

/** `kong-ts gateway -c kong.conf`: the simulated gateway from the files of a real Kong, checked as strictly as Kong does. */
export function addGatewayCommand(program: Command): void {
  program
    .command('gateway')
    .summary('start the stand-in for Kong from a kong.conf, as strictly as Kong')
    .description(
      'Starts the stand-in for Kong from a kong.conf, as Kong does: KONG_* variables win, plugins must be listed, a route needs a service.',
    )
    .requiredOption(
      '-c, --conf <kong.conf>',
      'declarative_config, plugins, pluginserver_names and their commands, proxy_listen, admin_listen …',
    )
    .option('-w, --watch', 'read the declarative config anew when it changes')
    .option('-v, --verbose', 'print debug lines and whole stacks too')
    .addHelpText('after', HELP)
    .action(runGateway)
}

async function runGateway({ conf, verbose = false, watch = false }: GatewayCommandOptions): Promise<void> {
  const ended = untilSignal()
  const gateway = await startGatewayFromConf(conf, { log: createTerminalLog(verbose), watch })
  try {
    const admin = gateway.adminUrls.length === 0 ? '' : `, Admin API on ${gateway.adminUrls.join(', ')}`
    process.stdout.write(`ready on ${gateway.proxyUrls.join(', ')}${admin} (Ctrl-C ends)\n`)
    await ended
  } finally {
    await gateway.close()
  }
}
