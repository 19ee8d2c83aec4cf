import { describe, expect, it } from 'vitest'
import { PDK, PdkPhaseError, type Phase } from '../../src/index.js'
import { PHASES } from '../../src/server.js'
import { readData } from './recorded-calls.js'
import { recordingCarrier } from './recording-carrier.js'
import { ALL_METHODS, BY_KONG_NAME, callTyped } from './typed-call.js'

/** Arguments that no check refuses, for the functions that want any. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  'kong.client.load_consumer': ['alice', true],
  'kong.client.authenticate': [{ id: 'c' }],
  'kong.client.tls.set_client_verify': ['NONE'],
  'kong.node.get_memory_stats': ['k', 1],
  'kong.request.get_raw_body': [],
  'kong.request.get_query': [],
  'kong.request.get_headers': [],
  'kong.response.get_headers': [],
  'kong.service.response.get_headers': [],
  'kong.response.set_status': [200],
  'kong.response.set_headers': [{ a: 'b' }],
  'kong.response.exit': [200],
  'kong.response.error': [400],
  'kong.service.set_target': ['127.0.0.1', 80],
  'kong.service.set_retries': [1],
  'kong.service.set_timeouts': [1, 1, 1],
  'kong.service.set_tls_verify': [true],
  'kong.service.set_tls_verify_depth': [1],
  'kong.service.request.set_scheme': ['http'],
  'kong.service.request.set_path': ['/x'],
  'kong.service.request.set_method': ['GET'],
  'kong.service.request.set_query': [{ a: 'b' }],
  'kong.service.request.set_headers': [{ a: 'b' }],
  'kong.service.request.set_body': [{ a: 'b' }, 'application/json'],
}

/** Helpers have arguments of their own. */
const HELPER_ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  'response.json': [200, {}],
  'response.text': [200, 'text'],
  'response.bytes': [200, new Uint8Array()],
  'service.request.setJson': [{}],
}

/** Calls a method in a phase and tells whether anything reached the carrier. */
async function outcome(path: string, args: readonly unknown[], phase: Phase): Promise<'sent' | 'refused'> {
  const carrier = recordingCarrier()
  try {
    await callTyped(new PDK(carrier.call, { phase }), path, args)
  } catch (error) {
    if (error instanceof PdkPhaseError) {
      expect(carrier.sent, `${path} was refused in ${phase}, but sent all the same`).toEqual([])
      expect(error.phase).toBe(phase)
      return 'refused'
    }
    if (!(error instanceof Error) || error.name !== 'ResponseExit') throw error
  }
  expect(carrier.sent.length, `${path} in ${phase} sent nothing and refused nothing`).toBeGreaterThan(0)
  return 'sent'
}

/**
 * `exit` and `error` are never answered, so the recording could not see that Kong raised on them in log: its phase check refuses them
 * there, as the recorded calls of the corpus show.
 */
const NEVER_ANSWERED = new Set(['kong.response.exit', 'kong.response.error'])

describe('the phase matrix of Kong 3.9.1', () => {
  const [header = '', ...rows] = readData('phase-matrix.txt').trim().split('\n')
  const phases = header
    .trim()
    .split(/\s{2,}/)
    .slice(1)

  it('has the four phases of HTTP', () => {
    expect(phases).toEqual(['rewrite', 'access', 'response', 'log'])
    expect(rows.length).toBeGreaterThan(80)
  })

  it.each(rows.map((row) => row.trim().split(/\s{2,}/)))('%s: rewrite %s, access %s, response %s, log %s', async (name, ...states) => {
    const named = BY_KONG_NAME.get(name ?? '')
    // What raises in every phase has no method at all.
    if (named === undefined) return expect(states.every((state) => state.startsWith('ABORT'))).toBe(true)
    for (const phase of PHASES) {
      const state = states[phases.indexOf(phase)]
      if (state === undefined) continue
      const raises = state.startsWith('ABORT') || (phase === 'log' && NEVER_ANSWERED.has(named.method.name))
      const args = ARGUMENTS[named.method.name] ?? ['x-a', 'v']
      expect(await outcome(named.path, args, phase), `${named.path} in ${phase}`).toBe(raises ? 'refused' : 'sent')
    }
  })
})

describe('every method in every phase', () => {
  it.each(ALL_METHODS)('$path is refused exactly where the table says', async ({ path, method }) => {
    const args = HELPER_ARGUMENTS[path] ?? ARGUMENTS[method.name] ?? (method.edition === 'helper' ? [] : ['x-a', 'v'])
    for (const phase of PHASES) {
      expect(await outcome(path, args, phase), `${path} in ${phase}`).toBe(method.phases.includes(phase) ? 'sent' : 'refused')
    }
  })
})

describe('a PDK without a phase', () => {
  it('refuses nothing because of the phase', async () => {
    const carrier = recordingCarrier()
    const kong = new PDK(carrier.call)
    await kong.client.getIp()
    await kong.log.serialize()
    expect(carrier.sent).toEqual([['kong.client.get_ip'], ['kong.log.serialize']])
  })
})
