import { describe, expect, onTestFinished, test } from 'vitest'
import { compare } from '../kong/corpus/compare.js'
import type { CorpusConfig } from '../kong/corpus/corpus-case.js'
import { normaliseCall } from '../kong/corpus/normalise.js'
import { PortMap } from './corpus/port-map.js'
import { SocketReplay } from './corpus/socket-replay.js'
import { readTranscript, type Transcript, type TranscriptCall } from './corpus/transcript.js'

/** Where a recording differs from the replay for a reason: transcript, note, PDK method. */
const KNOWN_DIFFERENCES: readonly {
  readonly transcript: string
  readonly note: RegExp
  readonly method: string
  readonly reason: string
}[] = [
  {
    transcript: '391-mp-k-log-abort-stale',
    note: /X-N: n4$/,
    method: 'kong.request.get_header.value',
    reason: 'after a raise in log Kong 3.9.1 hands the next request what it saved of the one before; the stand-in does not copy this fault',
  },
  { transcript: '391-mp-k-log-abort-stale', note: /X-N: n4$/, method: 'kong.ctx.shared.get.value', reason: 'the same fault' },
  {
    transcript: '391-mp-a-getset',
    note: /./,
    method: 'kong.nginx.get_ctx.value',
    reason: 'the stand-in keeps no KONG_PHASE in ngx.ctx, a number of Kong’s own for the phase',
  },
  {
    transcript: '391-mp-a-getset',
    note: /X-Empty;$/,
    method: 'kong.log.serialize.value.$json.request.size',
    reason: 'curl writes an empty header without the space after the colon',
  },
]

/** The bytes of another service, or of another machine. */
const VARYING = new Set([
  'kong.service.response.get_raw_body',
  'kong.service.response.get_body',
  'kong.response.get_raw_body',
  'kong.node.get_memory_stats',
  'kong.client.get_forwarded_port',
  'kong.client.get_port',
])
/** Ports of the recorder, and the corpus's names for the same. */
const RECORDED_PORTS = new PortMap([
  [18000, 28000],
  [18080, 28080],
])

const ECHO_REPLY = {
  headers: [
    ['Content-Type', 'application/json'],
    ['x-upstream', 'echo'],
    ['x-multi', 'a'],
    ['x-multi', 'b'],
    ['Date', 'Mon, 23 Nov 2026 05:43:51 GMT'],
    ['Connection', 'keep-alive'],
    ['Keep-Alive', 'timeout=5'],
    ['Transfer-Encoding', 'chunked'],
  ],
  body: '2\r\n{}\r\n0\r\n\r\n',
} as const

function configOf({ plugins }: Transcript): CorpusConfig {
  const stamps = { created_at: 1795412630, updated_at: 1795412630 }
  const entries = [...plugins].map(([name, { config }]) => {
    const { __plugin_id: id, route_id: route } = config
    const own = Object.fromEntries(Object.entries(config).filter(([key]) => !key.startsWith('__') && key !== 'route_id'))
    return { id, name, config: own, ...(typeof route === 'string' ? { route } : {}) }
  })
  return {
    plugin: [...plugins.keys()].join(),
    kong_conf: {},
    env: {},
    entities: {
      _format_version: '3.0',
      services: [
        {
          id: 'dea4c45f-3d88-5461-8ebd-05ae5bbbf87a',
          name: 'up',
          host: '127.0.0.1',
          port: 28080,
          ...stamps,
          ...(plugins.has('getset') ? { path: '/base' } : {}),
          routes: [
            {
              id: '4726a05a-d550-537e-9fc3-a07c7a1188c7',
              name: 'r1',
              paths: plugins.has('getset') ? ['~/v1/(?<ver>\\d+)/(?<name>[a-z]+)', '/plain'] : ['/'],
              ...stamps,
            },
          ],
        },
      ],
      plugins: entries,
    },
  }
}

function expected({ phase, method, args, answer }: TranscriptCall): unknown {
  const call = { phase, method, args: RECORDED_PORTS.here(args) }
  return JSON.parse(
    JSON.stringify(
      answer === undefined
        ? { ...call, outcome: 'unanswered' }
        : normaliseCall({ ...call, outcome: 'answered', step: answer.step, value: RECORDED_PORTS.here(answer.value) }),
    ),
  )
}

describe('what a real Kong 3.9.1 and real plugin servers said to each other', () => {
  test.each([
    '391-mp-0-proof-hello-resp-log',
    '391-mp-a-getset',
    '391-mp-b-exit',
    '391-mp-c-response',
    '391-mp-j-pdk-errors',
    '391-mp-k-log-abort-stale',
  ])(
    '%s',
    async (name) => {
      const transcript = readTranscript(name)
      const replay = await SocketReplay.start(configOf(transcript), transcript.plugins)
      onTestFinished(() => replay.close())
      const unexpected: string[] = []
      for (const { note, request, events, status } of transcript.requests) {
        const script = Object.fromEntries(
          events.map(({ phase, calls }) => [phase, calls.map(({ method, args }) => [method, RECORDED_PORTS.here(args)] as const)]),
        )
        const asked = new URLSearchParams(request.target.split('?')[1]).get('status')
        const reply = { ...ECHO_REPLY, ...(asked === null ? {} : { status: Number(asked), reason: 'Service Unavailable' }) }
        const record = await replay.replay({
          id: note,
          group: name,
          config: name,
          request: RECORDED_PORTS.here(request),
          script,
          reply,
          phases: [],
          calls: [],
          upstream: null,
          client: null,
        })
        const differences = [
          ...compare(
            events.map(({ phase }) => phase),
            record.phases,
            'phases',
          ),
          ...events
            .flatMap(({ calls }) => calls)
            .flatMap((call, index) => {
              const got = record.calls[index]
              return VARYING.has(call.method) ? [] : compare(expected(call), JSON.parse(JSON.stringify(got ?? null)), call.method)
            }),
          ...compare(status, Reflect.get(Object(record.client), 'status'), 'status'),
        ]
        for (const difference of differences) {
          const isKnown = KNOWN_DIFFERENCES.some(
            (known) => known.transcript === name && known.note.test(note) && difference.path.startsWith(known.method),
          )
          if (!isKnown) unexpected.push(`${note}: ${JSON.stringify(difference).slice(0, 300)}`)
        }
      }
      expect(unexpected).toEqual([])
    },
    60_000,
  )
})
