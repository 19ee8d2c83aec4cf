import { describe, expect, it } from 'vitest'
import { TEST_IDENTITY } from '../../src/gateway/net/test-identity.js'
import type { PluginServerProtocol } from '../../src/gateway/index.js'
import { PROTOCOLS, scripted, type TestGateway, type TestPlugin, startTestGateway } from './fixtures/gateway-harness.js'
import { loggedRecord, LOGGING_PLUGIN, routed } from './fixtures/logging-plugin.js'
import { connectRaw, startRawService, type RawPeer, type RawService } from './fixtures/raw-peer.js'

const ASKING = 'GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGVzdA==\r\n\r\n'
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

interface Tunnel {
  readonly gateway: TestGateway
  readonly client: RawPeer
  readonly service: RawPeer
}

async function open(
  options: Parameters<typeof routed>[1] = {},
  plugins: readonly TestPlugin[] = [],
  { raw, protocol = 'MsgPack:1' }: { readonly raw?: RawService; readonly protocol?: PluginServerProtocol } = {},
): Promise<Tunnel> {
  const upstream = raw ?? (await startRawService())
  const gateway = await startTestGateway([LOGGING_PLUGIN, ...plugins], {
    protocol,
    config: routed(upstream.url, options),
    ...(raw === undefined ? {} : { proxyListen: [{ host: '127.0.0.1', port: 0, tls: true, http2: true }] }),
  })
  const client = connectRaw(gateway.proxyUrl).send(ASKING)
  const service = await upstream.connection(0)
  await service.until('\r\n\r\n')
  return { gateway, client, service }
}

/** Talks through a tunnel in both directions. */
async function converse({ client, service }: Tunnel): Promise<void> {
  service.send(`${SWITCHING}early`)
  const head = await client.until('early')
  expect(head).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
  expect(head).toMatch(/^Upgrade: websocket\r$/m)
  expect(head).toMatch(/^Connection: upgrade\r$/m)
  client.send('\x81\x04ping')
  await service.until('\x81\x04ping')
  service.send('\x81\x04pong')
  await client.until('\x81\x04pong')
}

describe('a WebSocket', () => {
  it.each(PROTOCOLS)('is a tunnel through Kong: rewrite and access on %s run before, log when it is over', async (protocol) => {
    const script = scripted('guard', { access: [['kong.service.request.set_header', ['x-guarded', 'yes']]] })
    const tunnel = await open({ plugins: [script] }, [{ name: 'guard', phases: 'rewrite,access,log' }], { protocol })
    const { gateway, client, service } = tunnel
    expect(service.received).toMatch(/(?=[^]*^Upgrade: websocket\r$)(?=[^]*^Connection: keep-alive, Upgrade\r$)(?=[^]*^x-guarded: yes\r$)/m)
    await converse(tunnel)
    expect(gateway.log.printed('guard', 'event').map(({ event }) => event)).toEqual(['rewrite', 'access'])
    client.socket.end()
    await service.over
    const record = await loggedRecord(gateway)
    expect([record.response.status, record.upstream_status, record.response.size]).toEqual([101, '101', client.received.length])
  })

  it('ends for the client when the service ends, with all that it had sent', async () => {
    const tunnel = await open()
    await converse(tunnel)
    tunnel.service.send('last words').socket.end()
    expect(await tunnel.client.over).toMatch(/last words$/)
    expect((await loggedRecord(tunnel.gateway)).response.status).toBe(101)
  })

  it('of a client that breaks off is left by the gateway', async () => {
    const tunnel = await open()
    await converse(tunnel)
    tunnel.client.socket.resetAndDestroy()
    await tunnel.service.over
    expect((await loggedRecord(tunnel.gateway)).response.status).toBe(101)
  })

  it('is closed when both ends are silent for read_timeout', async () => {
    const raw = await startRawService((peer) => void peer.socket.once('data', () => peer.send(SWITCHING)))
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url, { service: { read_timeout: 250 } }) })
    expect(await connectRaw(gateway.proxyUrl).send(ASKING).over).toMatch(/^HTTP\/1\.1 101 /)
    await (await raw.connection(0)).over
    expect((await loggedRecord(gateway)).response.status).toBe(101)
  })

  it('takes what the client sent before the service had agreed', async () => {
    const raw = await startRawService()
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url) })
    const client = connectRaw(gateway.proxyUrl).send(`${ASKING}hasty`)
    const service = await raw.connection(0)
    await service.until('\r\n\r\n')
    service.send(SWITCHING)
    expect(await service.until('hasty')).toMatch(/\r\n\r\nhasty$/)
    client.socket.destroy()
    await service.over
  })

  it('goes over TLS on both sides', async () => {
    const raw = await startRawService(undefined, TEST_IDENTITY)
    const tunnel = await open({}, [], { raw })
    await converse(tunnel)
    tunnel.client.socket.end()
    await tunnel.service.over
    expect((await loggedRecord(tunnel.gateway)).response.status).toBe(101)
  })

  it('is not held back where a response handler takes part, which does not run', async () => {
    const tunnel = await open({ plugins: [scripted('holder', {})] }, [{ name: 'holder', phases: 'response,log' }])
    await converse(tunnel)
    tunnel.client.socket.end()
    await tunnel.gateway.log.waitFor('holder', 'event', 1)
    expect(tunnel.gateway.log.printed('holder', 'event').map(({ event }) => event)).toEqual(['log'])
  })

  it('that the service refuses is an answer as any other', async () => {
    const { client, service, gateway } = await open()
    service.send('HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno')
    expect(await client.until('no')).toMatch(/^HTTP\/1\.1 400 /)
    expect((await loggedRecord(gateway)).response.status).toBe(400)
  })

  it('to the echo upstream is answered with what is wrong', async () => {
    const gateway = await startTestGateway([], { config: { _format_version: '3.0', routes: [{ name: 'r', paths: ['/'] }] } })
    const answer = await connectRaw(gateway.proxyUrl).send(ASKING).until('\n')
    expect(answer).toMatch(/^HTTP\/1\.1 501 Not Implemented/)
    expect(answer).toContain('give the route a service')
  })
})

it('another protocol than WebSocket is not asked for: Kong takes the Upgrade header away', async () => {
  const raw = await startRawService()
  const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url) })
  const client = connectRaw(gateway.proxyUrl).send('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n')
  const service = await raw.connection(0)
  expect(await service.until('\r\n\r\n')).not.toMatch(/upgrade/i)
  service.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  expect(await client.until('ok')).toMatch(/^HTTP\/1\.1 200 /)
})
