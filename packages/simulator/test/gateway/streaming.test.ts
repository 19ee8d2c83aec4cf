import { connect as connectHttp2 } from 'node:http2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PROTOCOLS, scripted, startTestGateway } from './fixtures/gateway-harness.js'
import { loggedRecord, LOGGING_PLUGIN, requestsAside, routed } from './fixtures/logging-plugin.js'
import { connectRaw, startRawService, type RawPeer } from './fixtures/raw-peer.js'

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
const CHUNKED = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
const sized = (length: number, headers = ''): string => `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${length}\r\n\r\n`

/** A gateway in front of a service served by hand, and the connections of one request. */
async function start(options: Parameters<typeof routed>[1] = {}): Promise<{
  gateway: Awaited<ReturnType<typeof startTestGateway>>
  client: RawPeer
  service: RawPeer
}> {
  const raw = await startRawService()
  const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url, options) })
  const client = connectRaw(gateway.proxyUrl).send(GET)
  const service = await raw.connection(0)
  await service.until('\r\n\r\n')
  return { gateway, client, service }
}

describe('the response of a service', () => {
  it.each([true, false])('comes to the client chunk by chunk while it is made, response_buffering: %s', async (response_buffering) => {
    const { gateway, client, service } = await start({ route: { response_buffering } })
    service.send(CHUNKED + chunk('data: 1\n\n'))
    expect(await client.until('data: 1\n\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    service.send(chunk('data: 2\n\n'))
    await client.until('data: 2\n\n')
    expect(gateway.log.printed('logger', 'event')).toEqual([])
    service.send('0\r\nX-Trailer: dropped\r\n\r\n')
    const text = await client.until('\r\n0\r\n\r\n')
    expect(text).not.toContain('X-Trailer')
    expect((await loggedRecord(gateway)).response).toMatchObject({ status: 200, size: text.length })
  })

  it.each([
    ['response_buffering: false', { response_buffering: false }, ''],
    ['X-Accel-Buffering: no', {}, 'X-Accel-Buffering: no\r\n'],
  ])('with a length comes piece by piece with %s, its head first', async (_, route, headers) => {
    const { client, service } = await start({ route })
    service.send(sized(6, headers))
    expect(await client.until('\r\n\r\n')).not.toMatch(/X-Accel/)
    service.send('abc')
    await client.until('abc')
    service.send('def')
    await client.until('abcdef')
  })

  it('with a length is held back until a buffer of nginx (4 KiB) is full, its head too', async () => {
    const { gateway, client, service } = await start()
    const head = sized(6000)
    service.send(`${head}${'a'.repeat(4096 - head.length - 1)}`)
    await requestsAside(gateway)
    expect(client.received).toBe('')
    service.send('b'.repeat(10))
    const begun = await client.until('b')
    expect(begun.slice(begun.indexOf('\r\n\r\n') + 4)).toHaveLength(4096 - head.length)
    service.send('c'.repeat(6000 - (4096 - head.length - 1) - 10))
    const whole = await client.until(/c$/)
    expect(whole.slice(whole.indexOf('\r\n\r\n') + 4)).toHaveLength(6000)
  })

  it('X-Accel-Buffering: yes of the service wins over the route', async () => {
    const { client, service } = await start({ route: { response_buffering: false } })
    service.send(sized(6, 'X-Accel-Buffering: yes\r\n')).send('abcde')
    service.send('f')
    expect(await client.until('abcdef')).toMatch(/^HTTP\/1\.1 200/)
  })

  it('of 100 MiB goes through without being gathered, at the pace of a slow client', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x')
    let written = 0
    const raw = await startRawService((peer) => {
      peer.socket.write(sized(100 * piece.length))
      const more = (): void => {
        while (written < 100 && peer.socket.writableLength < piece.length) {
          peer.socket.write(piece)
          written++
        }
        if (written < 100) peer.socket.once('drain', more)
      }
      more()
    })
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url) })
    const client = connectRaw(gateway.proxyUrl)
    client.socket.removeAllListeners('data')
    client.socket.pause()
    client.send(GET)
    await raw.connection(0)
    await requestsAside(gateway, 50)
    // Nobody reads: what the service could send lies in the buffers of four sockets.
    expect(written).toBeLessThan(60)
    let got = 0
    let mostOnTheWay = 0
    client.socket.on('data', (bytes: Buffer) => {
      mostOnTheWay = Math.max(mostOnTheWay, written * piece.length - got)
      got += bytes.length
    })
    client.socket.resume()
    const { response } = await loggedRecord(gateway)
    expect(response.size).toBeGreaterThan(100 * piece.length)
    while (got < response.size) await new Promise((resolve) => client.socket.once('data', resolve))
    expect(got).toBe(response.size)
    expect(mostOnTheWay).toBeLessThan(60 * piece.length)
  })

  it('breaks off for the client where the service does, and log sees it', async () => {
    for (const [begin, sent] of [
      [CHUNKED + chunk('begun'), 'begun'],
      [sized(100) + 'begun', 'begun'],
    ] as const) {
      const { gateway, client, service } = await start({ route: { response_buffering: false } })
      service.send(begin)
      await client.until(sent)
      service.socket.destroy()
      const text = await client.over
      expect(text.endsWith('0\r\n\r\n')).toBe(false)
      expect((await loggedRecord(gateway)).response).toMatchObject({ status: 200, size: text.length })
      expect(gateway.log.lines).toContainEqual(expect.stringContaining('upstream prematurely closed connection while reading upstream'))
    }
  })

  it('with chunks that are none breaks off', async () => {
    const { gateway, client, service } = await start()
    service.send(CHUNKED + chunk('begun'))
    await client.until('begun')
    service.send('zz')
    expect(await client.over).toMatch(/5\r\nbegun\r\n$/)
    await loggedRecord(gateway)
    expect(gateway.log.lines).toContainEqual(expect.stringContaining('upstream sent invalid chunked response'))
  })

  it('ends when the service is silent for read_timeout between two reads', async () => {
    const raw = await startRawService((peer) => void peer.socket.once('data', () => peer.send(CHUNKED + chunk('begun'))))
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url, { service: { read_timeout: 250 } }) })
    expect(await connectRaw(gateway.proxyUrl).send(GET).over).toMatch(/begun\r\n$/)
    await (await raw.connection(0)).over
    expect((await loggedRecord(gateway)).response.status).toBe(200)
    expect(gateway.log.lines).toContainEqual(expect.stringContaining('upstream timed out'))
  })

  it('of an unknown length ends with its connection, and the client may go on with its own', async () => {
    const { client, service } = await start()
    service.send('HTTP/1.1 200 OK\r\n\r\nall of it')
    service.socket.end()
    expect(await client.until('\r\n0\r\n\r\n')).toContain('all of it')
    expect(client.received).toContain('Connection: keep-alive')
  })

  it('with a status below 200 is the answer as any other, and is never seen while nothing fills a buffer', async () => {
    const { gateway, client, service } = await start()
    service.send('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n').send(`${sized(2)}ok`)
    await requestsAside(gateway)
    expect(client.received).toBe('')
    client.socket.destroy()
    const record = await loggedRecord(gateway)
    expect([record.response.status, record.response.size, record.upstream_status]).toEqual([499, 0, '103'])
  })

  it('that is no HTTP goes on as it is, without a head', async () => {
    const { gateway, client, service } = await start()
    service.send('220 smtp.example.com\r\n').socket.end()
    expect(await client.until('\r\n')).toBe('220 smtp.example.com\r\n')
    const record = await loggedRecord(gateway)
    expect([record.response.status, record.response.size]).toEqual([9, 22])
    expect(gateway.log.lines).toContainEqual(expect.stringContaining('upstream sent no valid HTTP/1.0 header'))
  })

  it('with a malformed head is a 502', async () => {
    const { client, service } = await start({ service: { retries: 0 } })
    service.send('HTTP/1.1 200 OK\r\nno header\r\n\r\n')
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 /)
  })

  it.each(PROTOCOLS)('is held back as a whole while a response handler on %s takes part', async (protocol) => {
    const raw = await startRawService()
    const gateway = await startTestGateway([{ name: 'holder', phases: 'response' }, LOGGING_PLUGIN], {
      protocol,
      config: routed(raw.url, {
        route: { response_buffering: false },
        plugins: [scripted('holder', { response: [['kong.service.response.get_raw_body', []]] })],
      }),
    })
    const client = connectRaw(gateway.proxyUrl).send(GET)
    const service = await raw.connection(0)
    await service.until('\r\n\r\n')
    service.send(CHUNKED + chunk('one'))
    service.send(`${chunk('two')}0\r\n\r\n`)
    expect(await client.until('onetwo')).toMatch(/^HTTP\/1\.1 200/)
    await gateway.log.waitFor('holder', 'event', 1)
  })

  it('leaves connections of use on both sides', async () => {
    const raw = await startRawService((peer) => {
      let answered = 0
      peer.socket.on('data', () => {
        for (const requests = peer.received.split('\r\n\r\n').length - 1; answered < requests; answered++) {
          peer.send(`${CHUNKED}${chunk(`answer ${answered}`)}0\r\n\r\n`)
        }
      })
    })
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: routed(raw.url) })
    const client = connectRaw(gateway.proxyUrl)
    for (const index of [0, 1, 2]) {
      client.send(GET)
      await client.until(`answer ${index}\r\n0\r\n\r\n`)
    }
    expect(raw.connections).toHaveLength(1)
  })
})

describe('a response without body', () => {
  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
  ])('to %s is over with its head, on both connections: %s', async (method, answer) => {
    const raw = await startRawService((peer) => void peer.socket.on('data', () => peer.send(answer)))
    const gateway = await startTestGateway([], { config: { ...routed(raw.url), plugins: [] } })
    const client = connectRaw(gateway.proxyUrl)
    for (const count of [1, 2]) {
      client.send(`${method} / HTTP/1.1\r\nHost: x\r\n\r\n`)
      await client.until(new RegExp(`^(?:HTTP/1\\.1 \\d+ [^]*?\\r\\n\\r\\n){${count}}$`))
    }
    expect(raw.connections).toHaveLength(1)
  })
})

describe('an HTTP/2 client', () => {
  it('gets the response of a service while it is made', async () => {
    const raw = await startRawService()
    const gateway = await startTestGateway([LOGGING_PLUGIN], {
      config: routed(raw.url),
      proxyListen: [{ host: '127.0.0.1', port: 0, tls: true, http2: true }],
    })
    const session = connectHttp2(gateway.proxyUrl, { rejectUnauthorized: false })
    onTestFinished(() => session.destroy())
    const stream = session.request({ ':path': '/' })
    stream.on('error', () => undefined)
    let got = ''
    const until = (wanted: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => void (got.includes(wanted) && resolve())
        stream.on('data', look)
        look()
      })
    stream.on('data', (bytes: Buffer) => (got += bytes.toString()))
    const service = await raw.connection(0)
    await service.until('\r\n\r\n')
    service.send(CHUNKED + chunk('one'))
    await until('one')
    service.send(chunk('two'))
    await until('onetwo')
    const closed = new Promise<number>((resolve) => stream.once('close', () => resolve(stream.rstCode)))
    service.socket.destroy()
    expect(await closed).not.toBe(0)
    expect((await loggedRecord(gateway)).response.status).toBe(200)
  })

  it('gets a large response whole', async () => {
    const raw = await startRawService((peer) => void peer.send(sized(3_000_000) + 'y'.repeat(3_000_000)))
    const gateway = await startTestGateway([LOGGING_PLUGIN], {
      config: routed(raw.url),
      proxyListen: [{ host: '127.0.0.1', port: 0, tls: true, http2: true }],
    })
    const session = connectHttp2(gateway.proxyUrl, { rejectUnauthorized: false })
    onTestFinished(() => session.destroy())
    const stream = session.request({ ':path': '/' })
    let got = 0
    for await (const bytes of stream) got += bytes.length
    expect(got).toBe(3_000_000)
    expect((await loggedRecord(gateway)).response.size).toBeGreaterThan(3_000_000)
  })
})
