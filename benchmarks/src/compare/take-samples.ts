import { runLoad, type LoadLength } from '../load/run-load.js'
import { startServerProcess, type RunningServer } from '../servers/running-server.js'
import type { ServerKind } from '../servers/server-kind.js'
import type { Workload } from '../workloads.js'
import type { Sample } from './sample.js'

export interface SamplePlan {
  readonly servers: readonly ServerKind[]
  readonly workloads: readonly Workload[]
  readonly connections: readonly number[]
  readonly rounds: number
  readonly length: LoadLength
}

/**
 * Measures every server with every workload, in rounds. A round has fresh processes, since two runs of one program differ in what the compiler
 * makes of it; within it the servers take turns, so that whatever else the machine does meets all of them.
 */
export async function takeSamples(plan: SamplePlan, progress: (line: string) => void): Promise<readonly Sample[]> {
  const samples: Sample[] = []
  for (let round = 1; round <= plan.rounds; round++) {
    const running: RunningServer[] = []
    try {
      for (const kind of plan.servers) running.push(await startServerProcess(kind))
      for (const workload of plan.workloads) {
        for (const connections of plan.connections) {
          progress(`round ${round} of ${plan.rounds}, ${workload.name}, ${connections} connections`)
          for (const server of rotated(running, round)) {
            const result = await runLoad(server, workload, connections, plan.length)
            samples.push({ server: server.kind.name, workload: workload.name, connections, round, result })
          }
        }
      }
    } finally {
      await Promise.all(running.map((server) => server.stop()))
    }
  }
  return samples
}

/** Nobody is always first. */
function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % Math.max(1, list.length)
  return [...list.slice(start), ...list.slice(0, start)]
}
