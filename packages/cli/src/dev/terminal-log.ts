import type { GatewayLog } from '@kong-ts/simulator/gateway'

/** A line of a plugin server of ours within Kong's error log: `[name:pid] level text`. */
const PLUGIN_SERVER_LINE = /^(\[[^\]]+:\d+\]) (debug|info|warn|error) (.*)$/s

/** Frames that say nothing about the plugin: kong-ts's own, its libraries', Node's. */
const FOREIGN_FRAME = /^at .*(@kong-ts[/\\]|[/\\]packages[/\\](core|runtime)[/\\]|[/\\]node_modules[/\\]|node:internal)/

/**
 * What Kong would write to its error log, plugin servers' own lines among it, goes to stderr: stdout is for what the command says itself.
 * For people: a plugin server's line keeps its own level, and a stack is several lines without foreign frames.
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
