import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { RunningServer } from '../servers/running-server.js'
import type { Workload } from '../workloads.js'
import { buildProgram } from './build-program.js'
import { CLIENT_CPU, pinned } from './pinned.js'
import { WARM_UP_EVENTS } from './warm-up-events.js'
import { parseLoadResult, parsePairsResult, type LoadResult, type PairsResult } from './load-result.js'

const execute = promisify(execFile)

/**
 * How long a load lasts: a time after a warm-up, in seconds, or a number of events without one. A slow machine may run few events in the warm-up;
 * it goes on until Node's compiler has had enough of them, but at most five times as long.
 */
export type LoadLength = { readonly seconds: number; readonly warmUp: number } | { readonly events: number }

/** Runs one workload on a server. @throws Error when the server does not do what the workload demands. */
export async function runLoad(server: RunningServer, workload: Workload, connections: number, length: LoadLength): Promise<LoadResult> {
  const lengthOptions =
    'events' in length
      ? ['--events', String(length.events)]
      : ['--seconds', String(length.seconds), '--warm-up', String(length.warmUp), '--warm-up-events', String(WARM_UP_EVENTS[workload.name])]
  return parseLoadResult(
    await runClient(server, [
      '--config',
      JSON.stringify({ mode: workload.name }),
      '--calls',
      String(workload.calls),
      '--connections',
      String(connections),
      ...lengthOptions,
    ]),
  )
}

/** Starts and closes instances, one after the other. */
export async function runPairs(server: RunningServer, pairs: number): Promise<PairsResult> {
  return parsePairsResult(await runClient(server, ['--config', JSON.stringify({ mode: 'w1' }), '--pairs', String(pairs)]))
}

async function runClient(server: RunningServer, options: readonly string[]): Promise<string> {
  const [program, ...args] = pinned(CLIENT_CPU, [
    buildProgram('load-client'),
    '--socket',
    server.socketPath,
    '--protocol',
    server.kind.protocol,
    ...options,
  ])
  try {
    const { stdout } = await execute(program, args)
    return stdout
  } catch (cause) {
    const complaint = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new Error(`${server.kind.name}: ${complaint}\n${server.output()}`, { cause })
  }
}
