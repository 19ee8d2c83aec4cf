import { connect as connectHttp2 } from 'node:http2'
import { describe, expect, it } from 'vitest'
import { PROTOCOLS, scripted, startTestGateway } from './fixtures/gateway-harness.js'
import { loggedRecord, LOGGING_PLUGIN, routed } from './fixtures/logging-plugin.js'
import { connectRaw, startRawService } from './fixtures/raw-peer.js'

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
const BEGUN = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n'

describe('a client that goes away', () => {
  it.each(['destroys', 'ends'])('before the service answers (%s its connection) is a 499, and the service is left', async (how) => {
    const raw = await startRawService()
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url) })
    const client = connectRaw(gateway.proxyUrl).send(GET)
    const service = await raw.connection(0)
    await service.until('\r\n\r\n')
    if (how === 'ends') client.socket.end()
    else client.socket.destroy()
    await service.over
    const record = await loggedRecord(gateway)
    expect([record.response.status, record.response.size]).toEqual([499, 0])
    expect(raw.connections).toHaveLength(1)
  })

  it('in the middle of the body leaves the status that it has seen, and the service is left', async () => {
    const raw = await startRawService()
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url) })
    const client = connectRaw(gateway.proxyUrl).send(GET)
    const service = await raw.connection(0)
    service.send(BEGUN)
    await client.until('begun')
    client.socket.destroy()
    await service.over
    const record = await loggedRecord(gateway)
    expect([record.response.status, record.response.size]).toEqual([200, client.received.length])
  })

  it('over HTTP/2 is noticed as well', async () => {
    const raw = await startRawService()
    const gateway = await startTestGateway([LOGGING_PLUGIN], {
      config: routed(raw.url),
      proxyListen: [{ host: '127.0.0.1', port: 0, tls: true, http2: true }],
    })
    const session = connectHttp2(gateway.proxyUrl, { rejectUnauthorized: false })
    const stream = session.request({ ':path': '/' })
    stream.on('error', () => undefined)
    const service = await raw.connection(0)
    await service.until('\r\n\r\n')
    stream.close(8)
    await service.over
    session.destroy()
    expect((await loggedRecord(gateway)).response.status).toBe(499)
  })

  it.each(PROTOCOLS)(
    'while Kong buffers is not noticed: the service is asked to the end, and response handlers on %s run',
    async (protocol) => {
      const raw = await startRawService()
      const gateway = await startTestGateway([{ name: 'holder', phases: 'response' }, LOGGING_PLUGIN], {
        protocol,
        config: routed(raw.url, { plugins: [scripted('holder', { response: [['kong.service.response.get_status', []]] })] }),
      })
      const client = connectRaw(gateway.proxyUrl).send(GET)
      const service = await raw.connection(0)
      await service.until('\r\n\r\n')
      client.socket.destroy()
      service.send('HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok')
      expect((await gateway.log.waitFor('holder', 'event', 1))[0]?.['results']).toEqual([201])
      expect((await loggedRecord(gateway)).response.status).toBe(201)
    },
  )

  it('in the middle of its own body is a 400 that nobody gets, and the service is never asked', async () => {
    const raw = await startRawService()
    const gateway = await startTestGateway([{ name: 'p', phases: 'access' }, LOGGING_PLUGIN], {
      config: routed(raw.url, { plugins: [scripted('p', {})] }),
    })
    const client = connectRaw(gateway.proxyUrl).send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nnot all')
    await gateway.log.waitFor('p', 'event', 1)
    client.socket.end()
    expect(await client.over).toBe('')
    expect((await loggedRecord(gateway)).response).toMatchObject({ status: 400, size: 0 })
    expect(raw.connections).toHaveLength(0)
  })

  it('in the middle of its head is a 400 in the log phase alone', async () => {
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed('http://127.0.0.1:1') })
    const client = connectRaw(gateway.proxyUrl).send('GET / HTTP/1.1\r\nHos')
    client.socket.end()
    expect(await client.over).toBe('')
    expect((await loggedRecord(gateway)).response).toMatchObject({ status: 400, size: 0 })
  })

  it('after it got nothing and sent much is let go of', async () => {
    const gateway = await startTestGateway([{ name: 'p', phases: 'access' }, LOGGING_PLUGIN], {
      config: routed('http://127.0.0.1:1', { plugins: [scripted('p', { access: [['kong.response.exit', [199, 'unseen']]] })] }),
    })
    const client = connectRaw(gateway.proxyUrl)
    client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(500_000)}`)
    expect((await loggedRecord(gateway)).response.status).toBe(199)
    client.socket.end()
    expect(await client.over).toBe('')
  })

  it('leaves nothing behind: the gateway closes at once', async () => {
    const raw = await startRawService()
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url) })
    for (let index = 0; index < 20; index++) {
      const client = connectRaw(gateway.proxyUrl).send(GET)
      const service = await raw.connection(index)
      if (index % 2 === 0) {
        service.send(BEGUN)
        await client.until('begun')
      }
      client.socket.destroy()
      await service.over
    }
    await loggedRecord(gateway, 19)
    await gateway.close()
    await Promise.all(raw.connections.map(({ over }) => over))
  })
})
