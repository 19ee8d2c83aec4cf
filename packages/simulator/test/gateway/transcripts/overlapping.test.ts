import { describe, expect, it } from 'vitest'
import type { CorpusCase } from '../../model/corpus/corpus-case.js'
import { curlRequest } from './curl-request.js'
import { playSession, type Act, type SessionScenario } from './play-session.js'
import type { RecordedStep } from './session-recording.js'

const get = (ms: number, name: string): CorpusCase['request'] => curlRequest(`curl http://127.0.0.1:18000/?ms=${ms} -H X-N: ${name}`)

/** What the plugin was told in its first call of each access event, in the order of the events. */
function names({ turns }: RecordedStep): string[] {
  return turns
    .filter(({ kong }) => kong.kind === 'event' && kong.about.startsWith('access '))
    .map(({ reaction }) => {
      const first = turns.find(({ kong }) => kong.kind === 'step' && kong.about === reaction.said.event)
      return String(first?.kong.value)
    })
}

const all = (ms: number): Act => ({ together: true, requests: (step) => names(step).map((name) => get(ms, name)) })
const one = (ms: number, name: string): Act => ({ requests: () => [get(ms, name)] })
const behaves = (behaviour: string): Act => ({ requests: () => [curlRequest(`curl http://127.0.0.1:18100/ -H X-Behave: ${behaviour}`)] })
const normal = behaves('none')

const upload: CorpusCase['request'] = {
  ...curlRequest(`curl -X POST http://127.0.0.1:18000/?ms=1 -H X-N: upload -H X-Body: 1 -d ${'a'.repeat(2000)}${'b'.repeat(2000)}`),
  pause: { after: 2000, ms: 300 },
}

/** Long enough for a machine that has other things to do, and for a test that waits for it twice. In ms, for Kong's 60 s. */
const SOCKET_TIMEOUT_MS = 1_000

const SCENARIOS: readonly SessionScenario[] = [
  {
    session: '391-mp-h-concurrent',
    acts: { '12 parallel requests, 2 workers; plugin sleeps 150 ms between its PDK calls': all(150) },
  },
  {
    session: '391-mp-h2-yielding-pdk',
    acts: {
      'warm up': one(1, 'warm'),
      'slow upload (PDK get_raw_body yields) while 4 other requests run': {
        together: true,
        requests: (step) => names(step).map((name) => (name === 'upload' ? upload : get(900, name))),
      },
      '40 concurrent requests on one worker (pool size 30): how many connections Kong opens and closes': all(400),
      'client aborts in the middle of an event (curl -m 0.3, plugin sleeps 900 ms)': {
        aborts: true,
        requests: () => [{ ...get(900, 'aborted'), timeout: 300 }],
      },
      'next request': one(1, 'after-abort'),
    },
  },
  {
    session: '391-mp-m-timeouts',
    socketTimeoutMs: SOCKET_TIMEOUT_MS,
    acts: {
      normal,
      'server takes 20 s for one Step': behaves('slow20'),
      'server never answers a Step (no timeout of ours)': behaves('hang'),
      'normal again, then idle 75 s': normal,
      'after idle': normal,
      'client aborts after 1 s while the server takes 20 s for one Step': {
        aborts: true,
        requests: () => [{ ...curlRequest('curl http://127.0.0.1:18100/ -H X-Behave: slow20'), timeout: 300 }],
      },
    },
  },
  {
    session: '391-mp-m2-late-answer',
    socketTimeoutMs: SOCKET_TIMEOUT_MS,
    acts: {
      normal,
      'server answers one Step after 62 s (Kong gave up at 60 s and pooled the connection)': behaves('late62'),
      'at once a second request whose Step takes 4 s, so the late answer arrives while it waits': behaves('slow4'),
    },
  },
]

describe('requests that overlap, plugins that wait and clients that leave, as a real Kong 3.9.1 took it', () => {
  it.each(SCENARIOS)(
    '$session',
    async (scenario) => {
      expect(await playSession(scenario)).toEqual([])
    },
    30_000,
  )
})
