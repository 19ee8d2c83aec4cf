import { describe, expect, it } from 'vitest'
import { gatewaysOn, PROTOCOLS, scripted, send } from './fixtures/gateway-harness.js'

const label = (value: string) => ({ access: [['kong.response.set_header', ['x-label', value]]] }) as const
const config = (plugins: readonly Record<string, unknown>[]): Record<string, unknown> => ({
  _format_version: '3.0',
  routes: [{ name: 'r', paths: ['/'] }],
  consumers: [
    { username: 'alice', custom_id: 'a-1', keyauth_credentials: [{ key: 'alice-key' }], plugins: [scripted('p', label('alice'))] },
  ],
  plugins: [...plugins, scripted('p', label('anyone'))],
})

describe.each(PROTOCOLS)('consumers on %s', (protocol) => {
  const startTestGateway = gatewaysOn(protocol)

  it('are chosen by key-auth, and their configuration of a plugin wins', async () => {
    const gateway = await startTestGateway([{ name: 'p' }], { config: config([{ name: 'key-auth', config: { key_names: ['apikey'] } }]) })
    expect((await send(gateway.proxyUrl, { headers: { apikey: 'wrong' } })).status).toBe(401)
    expect((await send(gateway.proxyUrl, { headers: { apikey: 'alice-key' } })).headers['x-label']).toBe('alice')
  })

  it('are chosen by a test header, which the service does not see', async () => {
    const gateway = await startTestGateway([{ name: 'p' }], { config: config([]), consumerHeader: 'x-test-consumer' })
    expect((await send(gateway.proxyUrl)).headers['x-label']).toBe('anyone')
    for (const name of ['alice', 'a-1']) {
      const answer = await send(gateway.proxyUrl, { headers: { 'X-Test-Consumer': name } })
      expect(answer.headers['x-label']).toBe('alice')
      expect(JSON.parse(answer.body.toString()).headers['x-test-consumer']).toBeUndefined()
    }
    const unknown = await send(gateway.proxyUrl, { headers: { 'x-test-consumer': 'eve' } })
    expect([unknown.status, JSON.parse(unknown.body.toString()).message]).toEqual([401, 'no consumer is called eve'])
  })
})
