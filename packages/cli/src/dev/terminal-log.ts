import type { GatewayLog } from '@kong-ts/testing/gateway'

/** What Kong would write to its error log, plugin servers' own lines among it, goes to stderr: stdout is for what the command says itself. */
export function createTerminalLog(verbose: boolean): GatewayLog {
  return (level, line) => {
    if (level !== 'debug' || verbose) process.stderr.write(`[${level}] ${line}\n`)
  }
}
