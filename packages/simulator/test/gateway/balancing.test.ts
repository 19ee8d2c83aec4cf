import { describe, expect, it } from 'vitest'
import { startTestGateway } from './fixtures/gateway-harness.js'

const TARGETS = [{ target: '10.0.0.1:80' }, { target: '10.0.0.2:80' }]

describe('the algorithm of an upstream', () => {
  const config = (upstream: object) => ({
    _format_version: '3.0',
    upstreams: [{ name: 'pool', targets: TARGETS, ...upstream }],
    services: [{ name: 's', host: 'pool', routes: [{ name: 'r', paths: ['/'] }] }],
  })

  it.each([
    [{ algorithm: 'fastest' }, /upstreams\[0\]\.algorithm "fastest" is unknown; write round-robin/],
    [{ algorithm: 'consistent-hashing', hash_on: 'header' }, /upstreams\[0\]\.hash_on_header is missing/],
    [{ algorithm: 'consistent-hashing', hash_on: 'moon' }, /upstreams\[0\]\.hash_on "moon" is unknown/],
  ])('%j is refused with what to write', async (upstream, message) => {
    await expect(startTestGateway([], { config: config(upstream) })).rejects.toThrow(message)
  })

  it('that is not simulated is said', async () => {
    const { log } = await startTestGateway([], { config: config({ algorithm: 'least-connections' }) })
    expect(log.lines.join('\n')).toMatch(/upstreams\[0\]\.algorithm least-connections: targets take turns here/)
  })
})
