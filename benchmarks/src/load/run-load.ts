import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CLIENT_CPU, pinned } from '../machine/child-process.js'
import type { RunningServer } from '../servers/running-server.js'
import { WARM_UP_EVENTS, type Workload } from '../servers/workloads.js'
import { buildProgram } from './build-program.js'
import { parseLoadResult, parsePairsResult, type LoadResult, type PairsResult } from './load-result.js'

const execute = promisify(execFile)

/**
 * How long a load lasts: some seconds after a warm-up, or a number of events without a warm-up. The warm-up goes on until Node's compiler has
 * optimised the server, for at most five times its length.
 */
export type LoadLength = { readonly seconds: number; readonly warmUp: number } | { readonly events: number }

/**
 * Runs one workload on a server.
 *
 * @throws Error when the server does not make the calls of the workload.
 */
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
