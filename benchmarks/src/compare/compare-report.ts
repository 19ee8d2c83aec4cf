import { machineText, type Machine } from '../machine/machine.js'
import { barPlot } from '../report/bar-plot.js'
import { figures, markdownTable, mebibytes, percent, ratio } from '../report/figures.js'
import type { Report } from '../report/write-results.js'
import { MINIMAL, OWN } from '../servers/known-servers.js'
import type { WorkloadName } from '../servers/workloads.js'
import { summarise, type SummaryRow } from './summary.js'
import type { Sample, SamplePlan } from './take-samples.js'

/** Share of a core above which the load client, not the server, may limit the result. */
const CLIENT_LIMIT = 0.9

const HEADER = [
  'workload',
  'server',
  'events/s',
  'CPU µs/event',
  'p50 µs',
  'p99 µs',
  'RSS MiB',
  'client',
  'kong-ts events/s',
  'kong-ts CPU',
]

export function compareReport(samples: readonly Sample[], plan: SamplePlan, machine: Machine): Report {
  const rows = summarise(samples, OWN.name)
  const tables = plan.connections.map((connections) => {
    const shown = rows.filter((row) => row.connections === connections)
    return `**${connections} connections**\n\n${markdownTable(HEADER, shown.map(cells), 2)}`
  })
  const text = [
    '',
    machineText(machine),
    `Medians of ${plan.rounds} rounds with fresh processes${'seconds' in plan.length ? `, ${plan.length.seconds} s each after ${plan.length.warmUp} s of warm-up` : ''}. The last two columns are medians of the ratios within each round: kong-ts to that server.`,
    ...tables,
    ...warnings(rows),
    behind(rows),
    '![Events per second](results/compare-events.svg)\n![CPU per event](results/compare-cpu.svg)',
    '',
  ].join('\n\n')
  return { name: 'compare', text, data: { machine, plan, rows, samples }, plots: plots(rows, plan) }
}

function cells(row: SummaryRow): readonly string[] {
  const own = row.server === OWN.name
  return [
    row.workload.toUpperCase(),
    row.server,
    figures(row.eventsPerSecond),
    figures(row.serverCpu),
    figures(row.p50),
    figures(row.p99),
    mebibytes(row.memory),
    percent(row.clientShare),
    own ? '' : ratio(row.eventsRatio),
    own ? '' : ratio(row.cpuRatio),
  ]
}

function warnings(rows: readonly SummaryRow[]): readonly string[] {
  const limited = rows.filter(({ clientShare }) => clientShare > CLIENT_LIMIT)
  if (limited.length === 0) return []
  const places = limited.map(({ workload, connections, server }) => `${workload.toUpperCase()} of ${server} at ${connections}`)
  return [
    `**The load client was the bottleneck** (more than ${percent(CLIENT_LIMIT)} of its core) in: ${places.join(', ')}. There, events/s say nothing about the server; CPU per event still does.`,
  ]
}

function plots(rows: readonly SummaryRow[], plan: SamplePlan): Readonly<Record<string, string>> {
  const series = plan.servers.map(({ name }) => name)
  const groups = (read: (row: SummaryRow) => number) =>
    plan.connections.flatMap((connections) =>
      plan.workloads.map(({ name }) => ({
        title: `${name.toUpperCase()}, ${connections} conns`,
        values: series.map((server) => {
          const row = rows.find(
            (candidate) => candidate.server === server && candidate.workload === name && candidate.connections === connections,
          )
          return row === undefined ? undefined : read(row)
        }),
      })),
    )
  const short = (value: number) => (value >= 1000 ? `${figures(Number((value / 1000).toPrecision(3)))}k` : figures(value))
  return {
    'compare-events.svg': barPlot(
      'Events per second (more is better)',
      series,
      groups((row) => row.eventsPerSecond),
      short,
    ),
    'compare-cpu.svg': barPlot(
      'Microseconds of CPU per event (less is better)',
      series,
      groups((row) => row.serverCpu),
      short,
    ),
  }
}

/** The goal of kong-ts against a server, as ratios: at least this many events per second, at most this much CPU per event. */
interface Goal {
  readonly events?: number
  readonly cpu?: number
}

const GOALS: Readonly<Record<string, Readonly<Record<WorkloadName, Goal>>>> = {
  'kong-pdk': { w0: { events: 2.5 }, w1: { events: 2.5 }, w2: { events: 2.5 }, w3: { events: 30 } },
  'go-pdk': { w0: { events: 1.6 }, w1: { events: 1.6 }, w2: { events: 1.6 }, w3: { events: 1.1 } },
  [MINIMAL.name]: { w0: { cpu: 1.1 }, w1: { cpu: 1.1 }, w2: { cpu: 1.1 }, w3: { cpu: 1.1 } },
}
/** The goal against a server without a goal of its own. */
const NOT_SLOWER: Goal = { events: 1 }

/** Lists where kong-ts misses its goals. */
function behind(rows: readonly SummaryRow[]): string {
  const compared = rows.filter(({ server }) => !server.startsWith(OWN.name))
  const lines = compared.flatMap((row) => {
    const goal = GOALS[row.server]?.[row.workload] ?? NOT_SLOWER
    const place = `${row.workload.toUpperCase()} at ${row.connections} connections`
    const missed: string[] = []
    if (goal.events !== undefined && row.eventsRatio < goal.events)
      missed.push(`- ${place}: ${ratio(row.eventsRatio)} the events of ${row.server}; the goal is ${ratio(goal.events)}`)
    if (goal.cpu !== undefined && row.cpuRatio > goal.cpu)
      missed.push(`- ${place}: ${ratio(row.cpuRatio)} the CPU of the ${row.server}; the goal is at most ${ratio(goal.cpu)}`)
    return missed
  })
  if (lines.length === 0) return 'Every goal of this comparison is met.'
  return ['**Where kong-ts is behind its goals:**', '', ...lines].join('\n')
}
