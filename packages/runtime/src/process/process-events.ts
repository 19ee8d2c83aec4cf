import { ResponseExit } from '@kong-ts/core'
import type { ServerLog } from '../log/server-log.js'
import type { PluginServer } from '../server/plugin-server.js'

export interface ProcessEventsOptions {
  /** Milliseconds for running events when the server ends. */
  readonly drainGrace: number
  /** Whether to end when stdin closes. Kong gives plugin servers a pipe as stdin, which closes when its worker has died without ending them. */
  readonly exitOnStdinClose: boolean
}

/** Closes the server when the process is asked to end. Failures that a plugin does not handle are logged, and a rejected promise ends nothing. */
export function handleProcessEvents(server: PluginServer, log: ServerLog, { drainGrace, exitOnStdinClose }: ProcessEventsOptions): void {
  let ending = false
  let signals = 0
  let exitCode = 0

  async function end(): Promise<void> {
    if (ending) return
    ending = true
    try {
      await server.close(drainGrace)
    } catch (err) {
      log.error({ err }, 'the server did not close cleanly')
      exitCode = 1
    }
    process.exit(exitCode)
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      signals++
      if (signals > 1) {
        log.warn({}, `second signal (${signal}): ending at once`)
        process.exit(1)
      }
      log.info({}, `${signal}: finishing running events`)
      void end()
    })
  }
  process.on('unhandledRejection', (err, promise) => {
    // An exit that nobody awaited has done its work: the client has its answer.
    if (!(err instanceof ResponseExit)) server.logUnawaited(err, promise)
  })
  process.on('uncaughtException', (err) => {
    exitCode = 1
    log.error({ err }, 'uncaught exception: finishing running events, then Kong starts a new server')
    void end()
  })
  // When Kong is gone, nobody reads what is printed.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  if (exitOnStdinClose)
    endWithStdin(() => {
      log.info({}, 'stdin closed: finishing running events')
      void end()
    })
}

function endWithStdin(end: () => void): void {
  process.stdin.once('close', end)
  process.stdin.on('error', () => undefined)
  process.stdin.resume()
}
