import type { LoadResult } from '../load/load-result.js'
import { median } from '../report/figures.js'
import type { WorkloadName } from '../servers/workloads.js'
import type { Sample } from './take-samples.js'

/** Medians of one server at one workload, and ratios of our server to it. */
export interface SummaryRow {
  readonly workload: WorkloadName
  readonly connections: number
  readonly server: string
  readonly eventsPerSecond: number
  /** Microseconds for one event. */
  readonly serverCpu: number
  readonly p50: number
  readonly p99: number
  /** KiB. */
  readonly memory: number
  readonly clientShare: number
  /** Medians of the ratios within each round: our server to this one. */
  readonly eventsRatio: number
  readonly cpuRatio: number
}

/** One row for each workload, number of connections and server, in this order; `own` first. */
export function summarise(samples: readonly Sample[], own: string): readonly SummaryRow[] {
  const groups = new Map<string, Sample[]>()
  for (const sample of samples) {
    const key = `${sample.workload} ${sample.connections} ${sample.server}`
    groups.set(key, [...(groups.get(key) ?? []), sample])
  }
  const rows = [...groups.values()].flatMap((group) => rowOf(group, samples, own))
  const order = [own, ...new Set(samples.map(({ server }) => server))]
  return rows.sort(
    (a, b) => compareText(a.workload, b.workload) || a.connections - b.connections || order.indexOf(a.server) - order.indexOf(b.server),
  )
}

function rowOf(group: readonly Sample[], samples: readonly Sample[], own: string): readonly SummaryRow[] {
  const [first] = group
  if (first === undefined) return []
  const { workload, connections, server } = first
  const ownSamples = samples.filter((sample) => sample.server === own && sample.workload === workload && sample.connections === connections)
  function of(read: (result: LoadResult) => number): number {
    return median(group.map(({ result }) => read(result)))
  }
  function ratio(read: (result: LoadResult) => number): number {
    const ratios = group.flatMap(({ round, result }) => {
      const ours = ownSamples.find((sample) => sample.round === round)
      return ours === undefined ? [] : [read(ours.result) / read(result)]
    })
    return ratios.length === 0 ? Number.NaN : median(ratios)
  }
  const row: SummaryRow = {
    workload,
    connections,
    server,
    eventsPerSecond: of((result) => result.eventsPerSecond),
    serverCpu: of((result) => result.serverCpu),
    p50: of((result) => result.latency.p50),
    p99: of((result) => result.latency.p99),
    memory: of((result) => result.memoryAfter),
    clientShare: of((result) => result.clientShare),
    eventsRatio: ratio((result) => result.eventsPerSecond),
    cpuRatio: ratio((result) => result.serverCpu),
  }
  return [row]
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
