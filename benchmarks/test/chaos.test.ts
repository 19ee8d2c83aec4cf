import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { faultOf, type ChaosRequest } from '../src/chaos/check-request.js'
import { runChaos } from '../src/chaos/run-chaos.js'

const PASSED: ChaosRequest = {
  id: 'r1',
  how: 'pass',
  aborted: false,
  status: 200,
  mark: 'r1',
  body: 'r1',
  serverDied: false,
  handled: true,
  reachedUpstream: true,
  upstreamMark: 'r1',
}

describe('the judge of the chaos run', () => {
  it.each<readonly [string, Partial<ChaosRequest>, RegExp | undefined]>([
    ['what passed with its mark', {}, undefined],
    ['what was denied', { how: 'deny', status: 403, mark: null, body: '', reachedUpstream: false, upstreamMark: undefined }, undefined],
    ['what reached the upstream without a mark', { mark: null, upstreamMark: undefined }, /unprotected/],
    ['what reached the upstream although its handler threw', { how: 'throw' }, /although its handler failed/],
    ['what another request’s mark is on', { mark: 'r2' }, /marked as r2/],
    ['what got the body of another request', { body: 'r2' }, /body of r2/],
    ['what a live server never saw', { handled: false }, /unseen/],
    [
      'what passed while no server lived: Kong itself let it',
      { mark: null, upstreamMark: undefined, handled: false, serverDied: true },
      undefined,
    ],
    [
      'another status than the handler means',
      { how: 'hang', status: 500, mark: null, reachedUpstream: false, upstreamMark: undefined },
      /status 500, expected 504/,
    ],
  ])('judges %s', (_what, change, fault) => {
    const found = faultOf({ ...PASSED, ...change })
    if (fault === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(fault)
  })
})

it('kills, reloads, slow and aborted requests: whatever a live server had in hand ended as its handler meant', async () => {
  const script = fileURLToPath(new URL('../dist/chaos/chaos-server.js', import.meta.url))
  const report = await runChaos({ seconds: 6, clients: 8, script })
  expect(report.faults).toEqual([])
  expect(report.kills).toBeGreaterThan(0)
  expect(report.reloads).toBeGreaterThan(0)
  expect(report.certain).toBeGreaterThan(20)
  expect(report.counters).toMatchObject({ liveEvents: 0, liveInstances: 0, livePlugins: 0 })
}, 60_000)
