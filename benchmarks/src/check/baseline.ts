import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BENCHMARKS_FOLDER } from '../benchmarks-folder.js'
import { readNumbers } from '../load/json-numbers.js'
import { WORKLOAD_NAMES, type WorkloadName } from '../workloads.js'

/** What one event of a workload costs, in figures that hold on any machine. */
export const FIGURES = ['cpuRatio', 'heapBytes', 'bufferBytes'] as const
export type Figures = Readonly<Record<(typeof FIGURES)[number], number>>
export type Baseline = ReadonlyMap<WorkloadName, Figures>

const PATH = join(BENCHMARKS_FOLDER, 'baseline.json')

export async function readBaseline(): Promise<Baseline> {
  const value: unknown = JSON.parse(await readFile(PATH, 'utf8'))
  return new Map(
    WORKLOAD_NAMES.map((name) => [
      name,
      readNumbers(typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined, FIGURES),
    ]),
  )
}

export async function writeBaseline(baseline: Baseline): Promise<string> {
  await writeFile(PATH, `${JSON.stringify(Object.fromEntries(baseline), undefined, 2)}\n`)
  return PATH
}
