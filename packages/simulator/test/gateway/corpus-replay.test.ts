import { afterAll, describe, expect, test } from 'vitest'
import type { PluginServerProtocol } from '../../src/gateway/index.js'
import { compare } from '../model/corpus/compare.js'
import { readCorpus, readCorpusConfigs, type CorpusCase, type CorpusConfig } from '../model/corpus/corpus-case.js'
import { KNOWN_DIFFERENCES, withoutOrder } from '../model/corpus/known-differences.js'
import { isRecord } from '../model/corpus/normalise.js'
import type { ReplayRecord } from '../model/corpus/corpus-case.js'
import { asProtobuf, inProtobuf } from './corpus/protobuf-losses.js'
import { SocketReplay } from './corpus/socket-replay.js'

/** Every case with KONG_TS_REPLAY=all (see scripts/replay-corpus.mjs), else one in twelve, others on each protocol. */
const WHOLE = process.env['KONG_TS_REPLAY'] === 'all'
const SAMPLE = 12
const PROTOCOLS: readonly PluginServerProtocol[] = ['MsgPack:1', 'ProtoBuf:1']
const WANTED = PROTOCOLS.filter((each) => (process.env['KONG_TS_REPLAY_PROTOCOL'] ?? each) === each)

const started: SocketReplay[] = []
afterAll(() => Promise.all(started.map((replay) => replay.close())))

function compared(record: CorpusCase | ReplayRecord, protocol: PluginServerProtocol): unknown {
  const calls = record.calls.map((call) => {
    if (!isRecord(call)) return call
    const { phase, method, outcome, step, value } = call
    const seen = { phase, method, outcome: outcome === 'answered' ? outcome : 'unanswered' }
    if (protocol === 'MsgPack:1') return { ...seen, step, value }
    return outcome === 'answered' ? { ...seen, value: asProtobuf(String(method), value) } : seen
  })
  const { phases, upstream, upstream_more, client } = record
  return JSON.parse(JSON.stringify({ phases, calls, upstream, upstream_more, client }))
}

/** Kong's own default for `get_headers` and `get_query` is not asked for in ProtoBuf:1. */
function setsLimits({ kong_conf }: CorpusConfig): boolean {
  return Object.keys(kong_conf).some((key) => key.startsWith('lua_max_'))
}

describe.each(WANTED)('what a real Kong 3.9.1 did, done again through sockets on %s', (protocol) => {
  const configs = readCorpusConfigs()
  const otherWay = new Map<string, number>()
  const cases = readCorpus().flatMap((each, index) => {
    const config = configs.get(each.config)
    if (config === undefined || (!WHOLE && index % SAMPLE !== PROTOCOLS.indexOf(protocol))) return []
    const played = protocol === 'MsgPack:1' ? each : inProtobuf(each, setsLimits(config))
    if (typeof played !== 'string') return [played]
    otherWay.set(played, (otherWay.get(played) ?? 0) + 1)
    return []
  })
  const agreeing = new Set<string>()

  test.each([...configs].filter(([name]) => cases.some(({ config }) => config === name)))(
    'configuration %s',
    async (name, config) => {
      const replay = await SocketReplay.start(config, protocol)
      started.push(replay)
      const unexpected: string[] = []
      for (const corpusCase of cases.filter((each) => each.config === name)) {
        const pair = [compared(corpusCase, protocol), compared(await replay.replay(corpusCase), protocol)] as const
        const known = KNOWN_DIFFERENCES.get(corpusCase.id)
        const differences = compare(...pair)
        const orderAside = () => compare(withoutOrder(pair[0]), withoutOrder(pair[1]))
        if (differences.length === 0) agreeing.add(corpusCase.id)
        else if (known?.where !== 'memory and sockets' || (known.onlyOrder && orderAside().length > 0)) {
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
    600_000,
  )

  test('the summary', () => {
    const groups = [...new Set(cases.map(({ group }) => group))].map((group) => {
      const own = cases.filter((each) => each.group === group)
      return `${group} ${own.filter(({ id }) => agreeing.has(id)).length}/${own.length}`
    })
    const reasons = [...otherWay].map(([reason, count]) => `not the same on ${protocol}: ${reason} ${count}`)
    const differing = cases.map(({ id }) => id).filter((id) => !agreeing.has(id))
    const agree = `agree through sockets on ${protocol}: ${agreeing.size} of ${cases.length}`
    console.log([...groups, ...reasons, `differ: ${differing.join(', ')}`, agree].join('\n'))
    expect(differing.filter((id) => KNOWN_DIFFERENCES.get(id)?.where !== 'memory and sockets')).toEqual([])
  })
})
