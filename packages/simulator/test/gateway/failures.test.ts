import { describe, expect, it } from 'vitest'
import type { PluginServerProtocol } from '../../src/gateway/index.js'
import { PROTOCOLS, scripted, send, startTestGateway } from './fixtures/gateway-harness.js'

const CALL = {
  access: [
    ['kong.request.get_path', []],
    ['kong.response.set_header', ['x-ran', 'yes']],
  ],
} as const

async function outcome(protocol: PluginServerProtocol, behaviour: string, options: { socketTimeoutMs?: number; processes?: boolean } = {}) {
  const gateway = await startTestGateway([{ name: 'p', behaviour }], {
    config: { _format_version: '3.0', routes: [{ name: 'a', paths: ['/'] }], plugins: [scripted('p', CALL)] },
    protocol,
    ...options,
  })
  const answer = await send(gateway.proxyUrl)
  return { gateway, status: answer.status, ran: answer.headers['x-ran'], body: answer.body.toString() }
}

describe.each(PROTOCOLS)('a plugin server that fails, over %s', (protocol) => {
  // Kong lets requests pass on MsgPack:1 and answers 500 on ProtoBuf:1.
  const failed = protocol === 'MsgPack:1' ? 200 : 500

  it('a refused StartInstance: 500 as JSON, tried anew by the next request', async () => {
    const { gateway, status, body } = await outcome(protocol, 'refuse')
    expect([status, JSON.parse(body)]).toMatchObject([500, { message: 'An unexpected error occurred' }])
    expect((await send(gateway.proxyUrl)).status).toBe(500)
    const reason = protocol === 'MsgPack:1' ? 'config refused' : 'closed'
    expect(gateway.log.lines.filter((line) => line.startsWith('[error]') && line.includes(reason))).toHaveLength(2)
  })

  it('an answer with another id: 500', async () => {
    const { status, body } = await outcome(protocol, 'wrong-id')
    expect([status, JSON.parse(body)]).toMatchObject([500, { message: 'An unexpected error occurred' }])
  })

  it(`silence: ${failed} when the time is over`, async () => {
    const { gateway, status, ran } = await outcome(protocol, 'hang', { socketTimeoutMs: 100 })
    expect([status, ran]).toEqual([failed, undefined])
    expect(gateway.log.lines.some((line) => line.startsWith('[error]') && line.includes('timeout'))).toBe(true)
  })

  it('an instance that is not known: a new one is started and the event repeated', async () => {
    const { gateway, status, ran } = await outcome(protocol, 'forget')
    expect([status, ran]).toEqual([200, 'yes'])
    expect(gateway.log.printed('p', 'started')).toHaveLength(2)
  })

  it(`a server that died: ${failed} until it is started again`, async () => {
    const { gateway, status } = await outcome(protocol, '', { processes: true })
    const [pid = 0] = gateway.pluginServerPids
    process.kill(pid, 'SIGKILL')
    // Requests that find the connection closed, and those that find nobody listening.
    const [first, second] = [await send(gateway.proxyUrl), await send(gateway.proxyUrl)]
    expect([status, first.status, second.status]).toEqual([200, failed, failed])
    await expect.poll(() => gateway.pluginServerPids.find((other) => other !== pid)).toBeDefined()
    await expect.poll(async () => (await send(gateway.proxyUrl)).headers['x-ran']).toBe('yes')
  })
})

describe('a plugin server that fails as only MsgPack:1 can', () => {
  it.each([
    ['an error answer', 'boom', 'boom'],
    ['a connection closed between messages', 'close', 'closed'],
  ])('%s: logged, and the request goes on without the plugin', async (_, behaviour, logged) => {
    const { gateway, status, ran } = await outcome('MsgPack:1', behaviour)
    expect([status, ran]).toEqual([200, undefined])
    expect(gateway.log.lines.some((line) => line.startsWith('[error]') && line.includes(logged))).toBe(true)
  })

  it('a connection closed inside a message: 500', async () => {
    const { status, body } = await outcome('MsgPack:1', 'half')
    expect([status, JSON.parse(body)]).toMatchObject([500, { message: 'An unexpected error occurred' }])
  })

  it('a changed serverPid: instances are started anew', async () => {
    const { gateway, status } = await outcome('MsgPack:1', 'pid')
    await send(gateway.proxyUrl)
    await gateway.log.waitFor('p', 'event', 2)
    expect(status).toBe(200)
    expect(gateway.log.printed('p', 'started').length).toBeGreaterThan(1)
  })
})
