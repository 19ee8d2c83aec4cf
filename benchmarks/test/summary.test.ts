import { describe, expect, it } from 'vitest'
import { summarise } from '../src/compare/summary.js'
import type { Sample } from '../src/compare/take-samples.js'
import { median } from '../src/report/figures.js'

function sample(server: string, round: number, eventsPerSecond: number, serverCpu: number): Sample {
  const latency = { mean: 1, p50: 1, p90: 1, p99: 1, p999: 1, max: 1 }
  const rest = {
    events: 1,
    seconds: 1,
    pdkCallsPerSecond: 0,
    serverShare: 1,
    clientShare: 0.5,
    memoryBefore: 1,
    memoryAfter: 2,
    memoryPeak: 3,
    latency,
  }
  return { server, workload: 'w1', connections: 8, round, result: { ...rest, eventsPerSecond, serverCpu } }
}

describe('the summary of a comparison', () => {
  it('takes ratios within each round, so that a slow minute of the machine does not count for one side', () => {
    // The machine is ten times slower in round 2; ours is always twice as fast.
    const rows = summarise(
      [
        sample('peer', 1, 100, 10),
        sample('ours', 1, 200, 5),
        sample('ours', 2, 20, 50),
        sample('peer', 2, 10, 100),
        sample('peer', 3, 120, 8),
        sample('ours', 3, 240, 4),
      ],
      'ours',
    )
    expect(rows.map(({ server }) => server)).toEqual(['ours', 'peer'])
    expect(rows[1]).toMatchObject({ eventsPerSecond: 100, serverCpu: 10, eventsRatio: 2, cpuRatio: 0.5 })
    expect(rows[0]).toMatchObject({ eventsPerSecond: 200, eventsRatio: 1, cpuRatio: 1 })
  })

  it('has no ratio where ours was not measured', () => {
    expect(summarise([sample('peer', 1, 100, 10)], 'ours')[0]?.eventsRatio).toBeNaN()
  })
})

describe('median', () => {
  it('is the middle value, or lies between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([1, 2, 4, 8])).toBe(3)
    expect(() => median([])).toThrow('a median of nothing')
  })
})
