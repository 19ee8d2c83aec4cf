import { describe, expect, it } from 'vitest'
import { scripted, send, startTestGateway } from './fixtures/gateway-harness.js'

const CALL = {
  access: [
    ['kong.request.get_path', []],
    ['kong.response.set_header', ['x-ran', 'yes']],
  ],
} as const

async function outcome(behaviour: string, options: { socketTimeoutMs?: number } = {}) {
  const gateway = await startTestGateway([{ name: 'p', behaviour }], {
    config: { _format_version: '3.0', routes: [{ name: 'a', paths: ['/'] }], plugins: [scripted('p', CALL)] },
    ...options,
  })
  const answer = await send(gateway.proxyUrl)
  return { gateway, status: answer.status, ran: answer.headers['x-ran'], body: answer.body.toString() }
}

describe('a plugin server that fails, over MsgPack', () => {
  it('StartInstance error: 500 as JSON, tried anew by the next request', async () => {
    const { gateway, status, body } = await outcome('refuse')
    expect([status, JSON.parse(body)]).toMatchObject([500, { message: 'An unexpected error occurred' }])
    expect((await send(gateway.proxyUrl)).status).toBe(500)
    expect(gateway.log.lines.filter((line) => line.includes('config refused'))).toHaveLength(2)
  })

  it.each([
    ['an error answer', 'boom', 'boom'],
    ['a connection closed between messages', 'close', 'closed'],
  ])('%s: logged, and the request goes on without the plugin', async (_, behaviour, logged) => {
    const { gateway, status, ran } = await outcome(behaviour)
    expect([status, ran]).toEqual([200, undefined])
    expect(gateway.log.lines.some((line) => line.startsWith('[error]') && line.includes(logged))).toBe(true)
  })

  it.each([
    ['a connection closed inside a message', 'half'],
    ['an answer with another id', 'wrong-id'],
  ])('%s: 500', async (_, behaviour) => {
    const { status, body } = await outcome(behaviour)
    expect([status, JSON.parse(body)]).toMatchObject([500, { message: 'An unexpected error occurred' }])
  })

  it('silence: the request goes on without the plugin when the time is over', async () => {
    const { status, ran } = await outcome('hang', { socketTimeoutMs: 100 })
    expect([status, ran]).toEqual([200, undefined])
  })

  it('"no plugin instance": a new instance is started and the event repeated', async () => {
    const { gateway, status, ran } = await outcome('forget')
    expect([status, ran]).toEqual([200, 'yes'])
    expect(gateway.log.printed('p', 'started')).toHaveLength(2)
  })

  it('a changed serverPid: instances are started anew', async () => {
    const { gateway, status } = await outcome('pid')
    await send(gateway.proxyUrl)
    await gateway.log.waitFor('p', 'event', 2)
    expect(status).toBe(200)
    expect(gateway.log.printed('p', 'started').length).toBeGreaterThan(1)
  })

  it('a server that died: started again, and until then the known instance fails open', async () => {
    const { gateway, status } = await outcome('')
    const [pid = 0] = gateway.pluginServerPids
    process.kill(pid, 'SIGKILL')
    const open = await send(gateway.proxyUrl)
    expect([status, open.status]).toEqual([200, 200])
    await expect.poll(() => gateway.pluginServerPids.find((other) => other !== pid), { timeout: 5000 }).toBeDefined()
  })
})
