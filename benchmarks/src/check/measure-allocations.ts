import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { readNumbers } from '../load/load-result.js'
import { runLoad } from '../load/run-load.js'
import { OWN } from '../servers/known-servers.js'
import { startServerProcess, type RunningServer } from '../servers/running-server.js'
import { WARM_UP_EVENTS, WORKLOADS, type Workload, type WorkloadName } from '../servers/workloads.js'
import type { HeapReading } from './heap-probe.js'

/** Bytes that the server allocates for one event: on the heap, and in buffers outside it, such as bodies. */
export interface Allocations {
  readonly heap: number
  readonly buffers: number
}

const CONNECTIONS = 8
/** So few that the young generation has room for all their garbage and is not collected. */
const EVENTS = { w0: 4_000, w1: 3_000, w2: 800, w3: 200 } as const
const YOUNG_GENERATION_MIB = 128
const ATTEMPTS = 5

const PROBE = fileURLToPath(new URL('./heap-probe.js', import.meta.url))

/** Counts what kong-ts allocates for an event of each workload. The count does not depend on how busy the machine is. */
export async function measureAllocations(): Promise<ReadonlyMap<WorkloadName, Allocations>> {
  const [program, ...rest] = OWN.command
  if (program === undefined) throw new Error('no command for the server')
  const flags = [
    '--expose-gc',
    `--min-semi-space-size=${YOUNG_GENERATION_MIB}`,
    `--max-semi-space-size=${YOUNG_GENERATION_MIB}`,
    '--import',
    PROBE,
  ]
  const allocations = new Map<WorkloadName, Allocations>()
  for (const workload of WORKLOADS) {
    const server = await startServerProcess({ ...OWN, command: [program, ...flags, ...rest] }, { ipc: true })
    try {
      await runLoad(server, workload, CONNECTIONS, { events: WARM_UP_EVENTS[workload.name] })
      allocations.set(workload.name, await countUndisturbed(server, workload))
    } finally {
      await server.stop()
    }
  }
  return allocations
}

async function countUndisturbed(server: RunningServer, workload: Workload): Promise<Allocations> {
  const events = EVENTS[workload.name]
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    await ask(server, 'collect')
    const before = await ask(server, 'begin')
    await runLoad(server, workload, CONNECTIONS, { events })
    const after = await ask(server, 'read')
    if (after.collections === 0) return { heap: (after.heap - before.heap) / events, buffers: (after.buffers - before.buffers) / events }
  }
  throw new Error(`${workload.name}: garbage was collected during each of ${ATTEMPTS} counts; an event allocates much more than it used to`)
}

async function ask({ process }: RunningServer, request: 'collect' | 'begin' | 'read'): Promise<HeapReading> {
  process.send(request)
  const [answer]: unknown[] = await once(process, 'message')
  return readNumbers(answer, ['heap', 'buffers', 'collections'])
}
