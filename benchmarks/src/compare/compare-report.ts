import { barPlot } from '../report/bar-plot.js'
import { machineText, type Machine } from '../report/machine.js'
import { markdownTable } from '../report/markdown-table.js'
import { figures, mebibytes, percent, ratio } from '../report/numbers.js'
import type { Report } from '../report/write-results.js'
import { OWN } from '../servers/known-servers.js'
import { behind } from './behind.js'
import type { Sample } from './sample.js'
import { summarise, type SummaryRow } from './summary.js'
import type { SamplePlan } from './take-samples.js'

/** A load client that uses more of its core than this may be what is measured. */
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
