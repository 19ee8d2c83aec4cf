import type { WorkloadName } from '../workloads.js'
import { FIGURES, type Baseline, type Figures } from './baseline.js'

/** Beyond this factor a figure has become worse. */
const TOLERANCE = 1.25
/** Buffers of a few bytes an event are chance: the first large read makes one, for example. */
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
