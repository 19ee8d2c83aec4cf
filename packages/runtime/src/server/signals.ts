import { ResponseExit } from '@kong-ts/core'
import type { ServerLog } from '../log/server-log.js'
import type { PluginServer } from './plugin-server.js'

/** Milliseconds that running events are given when the server ends. Kong kills nothing by itself, but a new server may be waiting. */
const DRAIN_GRACE = 10_000

/** Ends the server with the process, and keeps a plugin's stray failures from ending either. */
export function handleProcessEvents(server: PluginServer, log: ServerLog): void {
  let ending = false

  async function end(exitCode: number): Promise<void> {
    if (ending) {
      process.exit(exitCode === 0 ? 1 : exitCode)
    }
    ending = true
    await server.close(DRAIN_GRACE)
    process.exit(exitCode)
  }

  // The second signal ends at once.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({}, `${signal}: finishing running events`)
      void end(0)
    })
  }
  process.on('unhandledRejection', (err) => {
    // An exit that nobody awaited has done its work.
    if (err instanceof ResponseExit) return
    log.error({ err }, 'a promise that nobody awaited was rejected')
  })
  process.on('uncaughtException', (err) => {
    log.error({ err }, 'uncaught exception: finishing running events, then Kong starts a new server')
    void end(1)
  })
}
