import { runLoad, runPairs } from '../load/run-load.js'
import { machineText, type Machine } from '../machine/machine.js'
import { markdownTable, mebibytes } from '../report/figures.js'
import type { Report } from '../report/write-results.js'
import type { ServerKind } from '../servers/known-servers.js'
import { startServerProcess, type RunningServer } from '../servers/running-server.js'
import { WORKLOADS } from '../servers/workloads.js'

const CONNECTIONS = 64
const PAIRS = 20_000

/** Resident memory around one load, in KiB. */
interface MemoryRow {
  readonly server: string
  readonly load: string
  readonly before: number
  readonly half: number
  readonly after: number
}

/** Measures a server's memory around many events. A server that keeps something of every event grows in the second half too. */
export async function measureMemory(
  servers: readonly ServerKind[],
  events: number,
  machine: Machine,
  progress: (line: string) => void,
): Promise<Report> {
  const rows: MemoryRow[] = []
  for (const kind of servers) {
    const server = await startServerProcess(kind)
    try {
      for (const workload of WORKLOADS) {
        progress(`${kind.name}, ${workload.name}`)
        const run = () => runLoad(server, workload, CONNECTIONS, { events: events / 2 })
        rows.push(await inTwoHalves(server, `${events} × ${workload.name.toUpperCase()}`, run))
      }
      progress(`${kind.name}, StartInstance and CloseInstance`)
      rows.push(await inTwoHalves(server, `${PAIRS} × StartInstance, CloseInstance`, () => runPairs(server, PAIRS / 2)))
    } finally {
      await server.stop()
    }
  }
  const table = markdownTable(
    ['server', 'load, one after the other', 'before MiB', 'after half MiB', 'after all MiB'],
    rows.map(({ server, load, before, half, after }) => [server, load, mebibytes(before), mebibytes(half), mebibytes(after)]),
    2,
  )
  const text = [
    '',
    machineText(machine),
    `Resident memory of one process through all loads in turn, ${CONNECTIONS} connections.`,
    table,
    '',
  ].join('\n\n')
  return { name: 'memory', text, data: { machine, events, pairs: PAIRS, connections: CONNECTIONS, rows }, plots: {} }
}

async function inTwoHalves(
  { kind }: RunningServer,
  load: string,
  run: () => Promise<{ memoryBefore: number; memoryAfter: number }>,
): Promise<MemoryRow> {
  const first = await run()
  const second = await run()
  return { server: kind.name, load, before: first.memoryBefore, half: first.memoryAfter, after: second.memoryAfter }
}
