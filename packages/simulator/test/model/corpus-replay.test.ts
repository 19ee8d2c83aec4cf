import { describe, expect, test } from 'vitest'
import { compare, type Difference } from './corpus/compare.js'
import { readCorpus, readCorpusConfigs, type CorpusCase, type ReplayRecord } from './corpus/corpus-case.js'
import { isRecord } from './corpus/normalise.js'
import { ReplayedConfig } from './corpus/replay-case.js'
import { KNOWN_DIFFERENCES, withoutOrder } from './corpus/known-differences.js'

const configs = new Map([...readCorpusConfigs()].map(([name, config]) => [name, new ReplayedConfig(config)]))

function compared(record: CorpusCase | ReplayRecord): unknown {
  const calls = record.calls.map((call) => {
    if (!isRecord(call)) return call
    const { phase, method, outcome, step, value } = call
    return { phase, method, outcome: outcome === 'answered' ? outcome : 'unanswered', step, value }
  })
  const { phases, upstream, upstream_more, client } = record
  return JSON.parse(JSON.stringify({ phases, calls, upstream, upstream_more, client }))
}

function differences(corpusCase: CorpusCase): Difference[] {
  const config = configs.get(corpusCase.config)
  if (!config) throw new Error(`the corpus has no configuration ${corpusCase.config}`)
  const pair = [compared(corpusCase), compared(config.replay(corpusCase))] as const
  const inOrder = KNOWN_DIFFERENCES.get(corpusCase.id)?.onlyOrder === true ? compare(withoutOrder(pair[0]), withoutOrder(pair[1])) : []
  return inOrder.length > 0
    ? inOrder.map((difference) => ({ ...difference, path: `beside the order, ${difference.path}` }))
    : compare(...pair)
}

describe('what a real Kong 3.9.1 did, done again in memory', () => {
  const cases = readCorpus()
  const results = cases.map((corpusCase) => ({ corpusCase, differences: differences(corpusCase) }))
  const groups = [...new Set(cases.map(({ group }) => group))]

  test.each(groups)('%s', (group) => {
    const isExpected = (id: string, { path }: Difference) => KNOWN_DIFFERENCES.has(id) && !path.startsWith('beside the order')
    const unexpected = results
      .filter(({ corpusCase }) => corpusCase.group === group)
      .filter(({ corpusCase, differences }) => differences.some((difference) => !isExpected(corpusCase.id, difference)))
      .map(({ corpusCase, differences }) => {
        const first = differences.slice(0, 3).map((difference) => JSON.stringify(difference).slice(0, 600))
        return `${corpusCase.id}: ${first.join(' ; ')}`
      })
    expect(unexpected, unexpected.join('\n')).toEqual([])
  })

  test('no case is listed as different that agrees, and none that does not exist', () => {
    const different = new Set(results.filter(({ differences }) => differences.length > 0).map(({ corpusCase }) => corpusCase.id))
    expect([...KNOWN_DIFFERENCES.keys()].filter((id) => !different.has(id))).toEqual([])
  })

  test('the summary', () => {
    const rows = groups.map((group) => {
      const own = results.filter(({ corpusCase }) => corpusCase.group === group)
      return `${group} ${own.filter(({ differences }) => differences.length === 0).length}/${own.length}`
    })
    const agreeing = results.filter(({ differences }) => differences.length === 0).length
    console.log(`${rows.join('\n')}\nagree: ${agreeing} of ${cases.length}`)
    expect(agreeing + KNOWN_DIFFERENCES.size).toBe(cases.length)
  })
})
