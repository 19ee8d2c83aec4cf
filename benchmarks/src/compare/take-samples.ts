import type { LoadResult } from '../load/load-result.js'
import { runLoad, type LoadLength } from '../load/run-load.js'
import type { ServerKind } from '../servers/known-servers.js'
import { startServerProcess, type RunningServer } from '../servers/running-server.js'
import type { Workload, WorkloadName } from '../servers/workloads.js'

/** One measurement of one server. Samples of the same round, workload and connections were taken one after the other. */
export interface Sample {
  readonly server: string
  readonly workload: WorkloadName
  readonly connections: number
  readonly round: number
  readonly result: LoadResult
}

export interface SamplePlan {
  readonly servers: readonly ServerKind[]
  readonly workloads: readonly Workload[]
  readonly connections: readonly number[]
  readonly rounds: number
  readonly length: LoadLength
}

/**
 * Measures every server with every workload, in rounds. Each round starts fresh processes, because Node's compiler optimises two runs of one
 * program differently. Within a round the servers take turns, so that other load on the machine affects all of them.
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

/** A list that begins at another element in each round, so that no server is always first. */
function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % Math.max(1, list.length)
  return [...list.slice(start), ...list.slice(0, start)]
}
