import { ratio } from '../report/numbers.js'
import { MINIMAL, OWN } from '../servers/known-servers.js'
import type { WorkloadName } from '../workloads.js'
import type { SummaryRow } from './summary.js'

/** What kong-ts is meant to reach against a server: events per second at least, CPU per event at most, as ratios. */
interface Goal {
  readonly events?: number
  readonly cpu?: number
}

const GOALS: Readonly<Record<string, Readonly<Record<WorkloadName, Goal>>>> = {
  'kong-pdk': { w0: { events: 2.5 }, w1: { events: 2.5 }, w2: { events: 2.5 }, w3: { events: 30 } },
  'go-pdk': { w0: { events: 1.6 }, w1: { events: 1.6 }, w2: { events: 1.6 }, w3: { events: 1.1 } },
  [MINIMAL.name]: { w0: { cpu: 1.1 }, w1: { cpu: 1.1 }, w2: { cpu: 1.1 }, w3: { cpu: 1.1 } },
}
/** Without a goal of its own a server should not be faster than ours. */
const NOT_SLOWER: Goal = { events: 1 }

/** Says where kong-ts is slower than it should be, whoever likes to hear it. */
export function behind(rows: readonly SummaryRow[]): string {
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
