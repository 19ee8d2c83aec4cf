#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { FIGURES, findRegressions, readBaseline, writeBaseline, type Baseline, type Figures } from './check/baseline.js'
import { measureAllocations } from './check/measure-allocations.js'
import { CpuRatios } from './check/measure-cpu-ratios.js'
import { markdownTable } from './report/figures.js'
import { WORKLOADS, type WorkloadName } from './servers/workloads.js'

const HELP = `Fails when an event has become more than 25 % more expensive than benchmarks/baseline.json says: in CPU, as a ratio to the minimal Node server
measured in the same minute, and in bytes allocated. No figure depends on how fast the machine is.

Usage: npm run bench:check -- [--update]    with --update the baseline is written anew`

type Allocations = Awaited<ReturnType<typeof measureAllocations>>

function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}

function figuresOf(allocations: Allocations, cpuRatios: CpuRatios): Baseline {
  const measured = new Map<WorkloadName, Figures>()
  for (const [workload, { heap, buffers }] of allocations) {
    const cpuRatio = Number(cpuRatios.ratio(workload).toFixed(3))
    measured.set(workload, { cpuRatio, heapBytes: Math.round(heap), bufferBytes: Math.round(buffers) })
  }
  return measured
}

function table(measured: Baseline): string {
  const rows = [...measured].map(([workload, figures]) => [workload, ...FIGURES.map((figure) => String(figures[figure]))])
  return markdownTable(['workload', 'CPU ratio to minimal', 'heap bytes/event', 'buffer bytes/event'], rows)
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { update: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } })
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
    return
  }
  progress('counting allocations')
  const allocations = await measureAllocations()
  const cpuRatios = new CpuRatios(progress)
  await cpuRatios.measure(new Set(WORKLOADS.map(({ name }) => name)))
  const baseline = values.update ? undefined : await readBaseline()
  if (baseline !== undefined) {
    // Measures again what looks like a regression: the machine may have been busy.
    const dearer = findRegressions(baseline, figuresOf(allocations, cpuRatios)).filter(({ figure }) => figure === 'cpuRatio')
    if (dearer.length > 0) await cpuRatios.measure(new Set(dearer.map(({ workload }) => workload)))
  }
  const measured = figuresOf(allocations, cpuRatios)
  process.stdout.write(`${table(measured)}\n`)
  if (baseline === undefined) {
    process.stdout.write(`wrote ${await writeBaseline(measured)}\n`)
    return
  }
  const regressions = findRegressions(baseline, measured)
  for (const { text } of regressions) process.stderr.write(`bench:check: ${text}\n`)
  if (regressions.length > 0) process.exitCode = 1
  else process.stdout.write('no regression beyond 25 %\n')
}

// Ends the processes that were started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

try {
  await main()
} catch (error) {
  process.stderr.write(`bench:check: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
