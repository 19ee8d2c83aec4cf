import { runLoad } from '../load/run-load.js'
import { MINIMAL, OWN } from '../servers/known-servers.js'
import { startServerProcess, type RunningServer } from '../servers/running-server.js'
import { WARM_UP_EVENTS, WORKLOADS, type Workload, type WorkloadName } from '../servers/workloads.js'

const CONNECTIONS = 8
/** Each round starts fresh processes, because Node's compiler optimises two runs of one program differently. */
const ROUNDS = 3
/** Measurements of each server in a round, in turn. */
const TURNS = 6
const EVENTS = { w0: 8_000, w1: 4_000, w2: 1_200, w3: 800 } as const

/** The lowest CPU time per event of the two servers, in µs. */
interface Cheapest {
  own: number
  minimal: number
}

/**
 * CPU per event of kong-ts, as a ratio to the minimal Node server. Other load on the machine can only make an event more expensive, so the lowest
 * of many short measurements counts, and another measurement can only lower a figure.
 */
export class CpuRatios {
  readonly #cheapest = new Map<WorkloadName, Cheapest>()
  readonly #progress: (line: string) => void

  constructor(progress: (line: string) => void) {
    this.#progress = progress
  }

  /** Measures workloads, also for a second time. */
  async measure(names: ReadonlySet<WorkloadName>): Promise<void> {
    const workloads = WORKLOADS.filter(({ name }) => names.has(name))
    for (let round = 1; round <= ROUNDS; round++) {
      for (const workload of workloads) {
        this.#progress(`CPU, round ${round} of ${ROUNDS}, ${workload.name}`)
        await this.#measureOne(workload)
      }
    }
  }

  /** `NaN` for a workload that was not measured. */
  ratio(name: WorkloadName): number {
    const { own, minimal } = this.#cheapest.get(name) ?? { own: Number.NaN, minimal: Number.NaN }
    return own / minimal
  }

  async #measureOne(workload: Workload): Promise<void> {
    const cheapest = this.#cheapest.get(workload.name) ?? { own: Number.POSITIVE_INFINITY, minimal: Number.POSITIVE_INFINITY }
    this.#cheapest.set(workload.name, cheapest)
    const running: RunningServer[] = []
    try {
      const start = async (kind: typeof OWN): Promise<RunningServer> => {
        const server = await startServerProcess(kind)
        running.push(server)
        await runLoad(server, workload, CONNECTIONS, { events: WARM_UP_EVENTS[workload.name] })
        return server
      }
      const servers = { own: await start(OWN), minimal: await start(MINIMAL) }
      for (let turn = 0; turn < TURNS; turn++) {
        for (const which of ['own', 'minimal'] as const) {
          const { serverCpu } = await runLoad(servers[which], workload, CONNECTIONS, { events: EVENTS[workload.name] })
          cheapest[which] = Math.min(cheapest[which], serverCpu)
        }
      }
    } finally {
      await Promise.all(running.map((server) => server.stop()))
    }
  }
}
