import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readNumbers } from '../load/load-result.js'
import { BENCHMARKS_FOLDER } from '../machine/benchmarks-folder.js'
import { WORKLOAD_NAMES, type WorkloadName } from '../servers/workloads.js'

/** The cost of one event, in figures that do not depend on the machine. */
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

/** The factor from which on a figure has become worse. */
const TOLERANCE = 1.25
/** Differences below these are chance: the first large read makes a buffer, for example. */
const SLACK = { cpuRatio: 0, heapBytes: 64, bufferBytes: 512 } as const

const TEXTS = {
  cpuRatio: 'CPU per event, as a ratio to the minimal Node server,',
  heapBytes: 'bytes on the heap per event',
  bufferBytes: 'bytes in buffers per event',
} as const

/** A figure of a workload that has become worse. */
export interface Regression {
  readonly workload: WorkloadName
  readonly figure: keyof Figures
  readonly text: string
}

/** Finds the figures that have become more than a quarter worse than the baseline. */
export function findRegressions(baseline: Baseline, measured: Baseline): readonly Regression[] {
  const regressions: Regression[] = []
  for (const [workload, before] of baseline) {
    const now = measured.get(workload)
    for (const figure of FIGURES) {
      if (now === undefined) continue
      const limit = before[figure] * TOLERANCE + SLACK[figure]
      if (now[figure] <= limit) continue
      const text = `${workload}: ${TEXTS[figure]} went from ${rounded(before[figure])} to ${rounded(now[figure])}; at most ${rounded(limit)} is let through`
      regressions.push({ workload, figure, text })
    }
  }
  return regressions
}

function rounded(value: number): string {
  return value < 100 ? value.toFixed(2) : value.toFixed(0)
}
