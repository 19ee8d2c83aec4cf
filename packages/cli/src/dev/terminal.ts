import type { GatewayLog } from '@kong-ts/simulator/gateway'

/** A line of a kong-ts plugin server in Kong's error log: `[name:pid] level text`. */
const PLUGIN_SERVER_LINE = /^(\[[^\]]+:\d+\]) (debug|info|warn|error) (.*)$/s

/** Stack frames outside the plugin: in kong-ts, in libraries, in Node.js. */
const FOREIGN_FRAME = /^at .*(@kong-ts[/\\]|[/\\]packages[/\\](core|runtime)[/\\]|[/\\]node_modules[/\\]|node:internal)/

/**
 * Writes Kong's error log, with the lines of plugin servers, to stderr; stdout is for the command itself. A line of a plugin server keeps its
 * own level, and a stack becomes several lines without foreign frames.
 *
 * @param verbose prints debug lines and whole stacks too.
 */
export function createTerminalLog(verbose: boolean): GatewayLog {
  return (level, line) => {
    const [, server, ownLevel, text] = PLUGIN_SERVER_LINE.exec(line) ?? []
    const shown = ownLevel ?? level
    if (shown === 'debug' && !verbose) return
    process.stderr.write(
      server === undefined || text === undefined ? `[${level}] ${line}\n` : `[${shown}] ${server} ${verbose ? text : forPeople(text)}\n`,
    )
  }
}

function forPeople(text: string): string {
  const [first = '', ...rest] = text.split(' ⏎ ')
  return [first, ...rest.filter((part) => !FOREIGN_FRAME.test(part))].join('\n    ').replace(' | ', '\n    ')
}

/** npm passes on the Ctrl-C that the terminal has already sent to this process. A signal within this time (ms) is that repetition. */
const REPEATED_SIGNAL_MS = 500

/** Resolves at Ctrl-C, at SIGTERM, or when the terminal closes. A second signal ends the process at once. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        first ??= performance.now()
        if (performance.now() - first > REPEATED_SIGNAL_MS) process.exit(1)
        resolve()
      })
    }
  })
}
