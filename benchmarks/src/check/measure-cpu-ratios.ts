import { median } from '../compare/statistics.js'
import { runLoad } from '../load/run-load.js'
import { MINIMAL, OWN } from '../servers/known-servers.js'
import { startServerProcess, type RunningServer } from '../servers/running-server.js'
import { WORKLOADS, type Workload, type WorkloadName } from '../workloads.js'
import { WARM_UP_EVENTS } from '../load/warm-up-events.js'

const CONNECTIONS = 8
/** Fresh processes in each. */
const ROUNDS = 3
/** Measurements of each server in a round, in turn. */
const TURNS = 6
const EVENTS = { w0: 8_000, w1: 4_000, w2: 1_200, w3: 800 } as const

/**
 * CPU per event of kong-ts as a ratio to the minimal Node server. Whatever else runs on the machine can only make an event dearer, so in each round
 * the cheapest of several short measurements stands for a server.
 */
export async function measureCpuRatios(progress: (line: string) => void): Promise<ReadonlyMap<WorkloadName, number>> {
  const ratios = new Map<WorkloadName, number[]>(WORKLOADS.map(({ name }) => [name, []]))
  for (let round = 1; round <= ROUNDS; round++) {
    for (const workload of WORKLOADS) {
      progress(`CPU, round ${round} of ${ROUNDS}, ${workload.name}`)
      ratios.get(workload.name)?.push(await measureRatio(workload))
    }
  }
  return new Map([...ratios].map(([name, list]) => [name, median(list)]))
}

async function measureRatio(workload: Workload): Promise<number> {
  const running: RunningServer[] = []
  try {
    for (const kind of [OWN, MINIMAL]) {
      const server = await startServerProcess(kind)
      running.push(server)
      await runLoad(server, workload, CONNECTIONS, { events: WARM_UP_EVENTS[workload.name] })
    }
    const cheapest = running.map(() => Number.POSITIVE_INFINITY)
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [index, server] of running.entries()) {
        const { serverCpu } = await runLoad(server, workload, CONNECTIONS, { events: EVENTS[workload.name] })
        cheapest[index] = Math.min(cheapest[index] ?? serverCpu, serverCpu)
      }
    }
    const [own = Number.NaN, minimal = Number.NaN] = cheapest
    return own / minimal
  } finally {
    await Promise.all(running.map((server) => server.stop()))
  }
}
