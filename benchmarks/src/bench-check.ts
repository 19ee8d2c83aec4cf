#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { FIGURES, readBaseline, writeBaseline, type Baseline, type Figures } from './check/baseline.js'
import { findRegressions } from './check/find-regressions.js'
import { measureAllocations } from './check/measure-allocations.js'
import { measureCpuRatios } from './check/measure-cpu-ratios.js'
import { markdownTable } from './report/markdown-table.js'
import type { WorkloadName } from './workloads.js'

const HELP = `Fails when an event has become more than 25 % more expensive than benchmarks/baseline.json says: in CPU, as a ratio to the minimal Node server
measured in the same minute, and in bytes allocated. No figure depends on how fast the machine is.

Usage: npm run bench:check -- [--update]    with --update the baseline is written anew`

async function measure(): Promise<Baseline> {
  const progress = (line: string) => process.stderr.write(`${line}\n`)
  progress('counting allocations')
  const allocations = await measureAllocations()
  const cpuRatios = await measureCpuRatios(progress)
  const measured = new Map<WorkloadName, Figures>()
  for (const [workload, { heap, buffers }] of allocations) {
    const cpuRatio = cpuRatios.get(workload) ?? Number.NaN
    measured.set(workload, { cpuRatio: Number(cpuRatio.toFixed(3)), heapBytes: Math.round(heap), bufferBytes: Math.round(buffers) })
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
  const measured = await measure()
  process.stdout.write(`${table(measured)}\n`)
  if (values.update) {
    process.stdout.write(`wrote ${await writeBaseline(measured)}\n`)
    return
  }
  const problems = findRegressions(await readBaseline(), measured)
  for (const problem of problems) process.stderr.write(`bench:check: ${problem}\n`)
  if (problems.length > 0) process.exitCode = 1
  else process.stdout.write('no regression beyond 25 %\n')
}

try {
  await main()
} catch (error) {
  process.stderr.write(`bench:check: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
