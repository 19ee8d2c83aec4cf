import { afterAll, describe, expect, test } from 'vitest'
import { compare } from '../kong/corpus/compare.js'
import { readCorpus, readCorpusConfigs, type CorpusCase } from '../kong/corpus/corpus-case.js'
import { KNOWN_DIFFERENCES } from '../kong/corpus/known-differences.js'
import { isRecord } from '../kong/corpus/normalise.js'
import type { ReplayRecord } from '../kong/corpus/replay-case.js'
import { SocketReplay } from './corpus/socket-replay.js'

/** Every case with KONG_TS_REPLAY=all (see scripts/replay-corpus.mjs), else one in twelve. */
const WHOLE = process.env['KONG_TS_REPLAY'] === 'all'
const SAMPLE = 12

const cases = readCorpus().filter((_, index) => WHOLE || index % SAMPLE === 0)
const started: SocketReplay[] = []
afterAll(() => Promise.all(started.map((replay) => replay.close())))

function compared(record: CorpusCase | ReplayRecord): unknown {
  const calls = record.calls.map((call) => {
    if (!isRecord(call)) return call
    const { phase, method, outcome, step, value } = call
    return { phase, method, outcome: outcome === 'answered' ? outcome : 'unanswered', step, value }
  })
  const { phases, upstream, upstream_more, client } = record
  return JSON.parse(JSON.stringify({ phases, calls, upstream, upstream_more, client }))
}

describe('what a real Kong 3.9.1 did, done again through sockets', () => {
  const agreeing = new Set<string>()

  test.each([...readCorpusConfigs()])(
    'configuration %s',
    async (name, config) => {
      const replay = await SocketReplay.start(config)
      started.push(replay)
      const unexpected: string[] = []
      for (const corpusCase of cases.filter((each) => each.config === name)) {
        const differences = compare(compared(corpusCase), compared(await replay.replay(corpusCase)))
        if (differences.length === 0) agreeing.add(corpusCase.id)
        else if (!KNOWN_DIFFERENCES.has(corpusCase.id)) {
          unexpected.push(
            `${corpusCase.id}: ${differences
              .slice(0, 3)
              .map((difference) => JSON.stringify(difference).slice(0, 400))
              .join(' ; ')}`,
          )
        }
      }
      expect(unexpected).toEqual([])
    },
    300_000,
  )

  test('the summary', () => {
    const groups = [...new Set(cases.map(({ group }) => group))].map((group) => {
      const own = cases.filter((each) => each.group === group)
      return `${group} ${own.filter(({ id }) => agreeing.has(id)).length}/${own.length}`
    })
    console.log(`${groups.join('\n')}\nagree through sockets: ${agreeing.size} of ${cases.length}`)
    // What memory cannot show sockets may show, so the list of memory is an upper bound here.
    expect(cases.filter(({ id }) => !agreeing.has(id) && !KNOWN_DIFFERENCES.has(id))).toEqual([])
  })
})
