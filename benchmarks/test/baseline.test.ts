import { describe, expect, it } from 'vitest'
import { findRegressions, type Baseline, type Figures } from '../src/check/baseline.js'

const before: Figures = { cpuRatio: 1, heapBytes: 2000, bufferBytes: 0 }
const baseline = (figures: Partial<Figures>): Baseline => new Map([['w1', { ...before, ...figures }]])

describe('the regression check', () => {
  it('lets a quarter more through, and anything better', () => {
    expect(findRegressions(baseline({}), baseline({ cpuRatio: 1.25, heapBytes: 2500 }))).toEqual([])
    expect(findRegressions(baseline({}), baseline({ cpuRatio: 0.5, heapBytes: 10 }))).toEqual([])
  })

  it('names workload and figure of what costs more', () => {
    expect(findRegressions(baseline({}), baseline({ cpuRatio: 1.3, heapBytes: 2600 })).map(({ text }) => text)).toEqual([
      'w1: CPU per event, as a ratio to the minimal Node server, went from 1.00 to 1.30; at most 1.25 is let through',
      'w1: bytes on the heap per event went from 2000 to 2600; at most 2564 is let through',
    ])
  })

  it('sees a body that is copied once more, and not a few bytes of chance', () => {
    expect(findRegressions(baseline({ bufferBytes: 65_536 }), baseline({ bufferBytes: 131_072 }))).toHaveLength(1)
    expect(findRegressions(baseline({}), baseline({ bufferBytes: 200 }))).toEqual([])
  })
})
