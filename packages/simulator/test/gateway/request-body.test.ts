import { readFile } from 'node:fs/promises'
import { connect as connectHttp2 } from 'node:http2'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PluginServerProtocol } from '../../src/gateway/index.js'
import { PROTOCOLS, scripted, type TestGateway, startTestGateway } from './fixtures/gateway-harness.js'
import { loggedRecord, LOGGING_PLUGIN, requestsAside, routed } from './fixtures/logging-plugin.js'
import { connectRaw, startRawService, type RawPeer, type RawService } from './fixtures/raw-peer.js'

const post = (headers: string, body = '', method = 'POST'): string => `${method} / HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const READING = scripted('p', { access: [['kong.request.get_raw_body', []]] })
const STREAMING = { route: { request_buffering: false } }

interface Setup {
  readonly gateway: TestGateway
  readonly client: RawPeer
  readonly raw: RawService
}

async function start(
  options: Parameters<typeof routed>[1] = {},
  settings: Record<string, string> = {},
  protocol: PluginServerProtocol = 'MsgPack:1',
): Promise<Setup> {
  const raw = await startRawService()
  const plugins = [scripted('p', {}), ...(options.plugins ?? [])].slice(-1)
  const gateway = await startTestGateway([{ name: 'p', phases: 'rewrite,access' }, LOGGING_PLUGIN], {
    config: routed(raw.url, { ...options, plugins }),
    settings,
    protocol,
  })
  return { gateway, raw, client: connectRaw(gateway.proxyUrl) }
}

describe('the body of a request', () => {
  it('is waited for before the service is asked, while the phases run at once', async () => {
    const { gateway, client, raw } = await start()
    client.send(post('Content-Length: 10', 'hello'))
    await gateway.log.waitFor('p', 'event', 2)
    await requestsAside(gateway)
    expect(raw.connections).toHaveLength(0)
    client.send('world')
    const service = await raw.connection(0)
    expect(await service.until('world')).toMatch(/\r\n\r\nhelloworld$/)
    service.send(OK)
    await client.until('ok')
    const head = post('Content-Length: 10').length
    expect((await loggedRecord(gateway)).request.size).toBe(head + 10)
  })

  it.each(PROTOCOLS)('makes a plugin on %s that reads it wait', async (protocol) => {
    const { gateway, client, raw } = await start({ plugins: [READING] }, {}, protocol)
    client.send(post('Transfer-Encoding: chunked', '5\r\nhello\r\n'))
    await gateway.log.waitFor('p', 'event', 1)
    await requestsAside(gateway, 5)
    expect(gateway.log.printed('p', 'event').filter(({ event }) => event === 'access')).toHaveLength(5)
    client.send('5\r\nworld\r\n0\r\n\r\n')
    const service = await raw.connection(0)
    expect(await service.until('helloworld')).toContain('Content-Length: 10\r\n')
    service.send(OK)
    await client.until('ok')
  })

  it.each([
    ['at once', '5\r\nhello\r\nzz'],
    ['with a size that is none', ';x\r\n'],
    ['after too long a chunk', '5\r\nhelloworld\r\n0\r\n\r\n'],
  ])('with chunks that are none is a 400 and the end of the connection %s', async (_, body) => {
    const { gateway, client, raw } = await start()
    client.send(post('Transfer-Encoding: chunked', body))
    expect(await client.over).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(?=[^]*^Connection: close\r$)/m)
    expect((await loggedRecord(gateway)).response.status).toBe(400)
    expect(gateway.log.printed('p', 'event').map(({ event }) => event)).toEqual(['rewrite', 'access'])
    expect(raw.connections).toHaveLength(0)
  })

  it.each(PROTOCOLS)('with chunks that are none ends the phase of a plugin on %s that reads it', async (protocol) => {
    const { gateway, client } = await start({ plugins: [READING] }, {}, protocol)
    client.send(post('Transfer-Encoding: chunked', '5\r\nhello\r\n'))
    await gateway.log.waitFor('p', 'event', 1)
    client.send('never')
    expect(await client.over).toMatch(/^HTTP\/1\.1 400 /)
    expect((await loggedRecord(gateway)).response.status).toBe(400)
  })

  it('that stops coming ends the connection without an answer, as a 408', async () => {
    const { gateway, client } = await start({}, { nginx_http_client_body_timeout: '60ms' })
    client.send(post('Content-Length: 10', 'hello'))
    expect(await client.over).toBe('')
    expect((await loggedRecord(gateway)).response).toMatchObject({ status: 408, size: 0 })
  })

  it('that nobody wanted is passed over, and the connection goes on', async () => {
    const { client } = await start({ plugins: [scripted('p', { access: [['kong.response.exit', [200, 'done']]] })] })
    client.send(post('Content-Length: 10', 'hello'))
    await client.until('done')
    client.send(`world${post('Transfer-Encoding: chunked', '3\r\nabc\r\n0\r\n\r\n')}`)
    expect(await client.until(/done[^]*done/)).not.toContain('Connection: close')
  })

  it('larger than nginx’s buffer lies in a file while the plugins run, and no longer', async () => {
    const { gateway, client, raw } = await start({
      plugins: [
        scripted('p', {
          access: [
            ['kong.request.get_body', ['application/x-www-form-urlencoded']],
            ['kong.nginx.get_var', ['request_body_file']],
          ],
        }),
      ],
    })
    client.send(post('Content-Length: 30000', 'x'.repeat(30_000)))
    const service = await raw.connection(0)
    await service.until('x'.repeat(30_000))
    const path = String((await gateway.log.waitFor('p', 'event', 2)).map(({ results }) => results).flat()[1])
    expect(path.startsWith(`${gateway.prefix}/client_body_temp/`)).toBe(true)
    expect(await readFile(path, 'utf8')).toBe('x'.repeat(30_000))
    service.send(OK)
    await client.until('ok')
    await loggedRecord(gateway)
    await requestsAside(gateway)
    await expect(readFile(path)).rejects.toThrow('ENOENT')
  })
})

describe('a body beyond client_max_body_size', () => {
  const limit = { nginx_http_client_max_body_size: '4' }

  it('is refused by its announced length, before any plugin', async () => {
    const { gateway, client } = await start({}, limit)
    client.send(post('Content-Length: 5'))
    expect(await client.over).toMatch(/^HTTP\/1\.1 413 /)
    expect((await loggedRecord(gateway)).response.status).toBe(413)
    expect(gateway.log.printed('p', 'event')).toEqual([])
  })

  it.each([{}, STREAMING])('in chunks is refused once there is too much of it, %j', async (options) => {
    const { gateway, client } = await start(options, limit)
    client.send(post('Transfer-Encoding: chunked', '3\r\nabc\r\n'))
    await gateway.log.waitFor('p', 'event', 2)
    client.send('2\r\nde\r\n')
    expect(await client.over).toMatch(/^HTTP\/1\.1 413 /)
    expect((await loggedRecord(gateway)).response.status).toBe(413)
  })
})

describe('Expect: 100-continue', () => {
  it('is answered when the body is wanted', async () => {
    const { gateway, client, raw } = await start()
    client.send(post('Content-Length: 5\r\nExpect: 100-continue'))
    expect(await client.until('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    expect(gateway.log.printed('p', 'event').map(({ event }) => event)).toEqual(['rewrite', 'access'])
    client.send('hello')
    const service = await raw.connection(0)
    expect(await service.until('hello')).not.toMatch(/expect/i)
    service.send(OK)
    expect(await client.until('ok')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
  })

  it('is not answered where a plugin ends the request without it', async () => {
    const { client } = await start({ plugins: [scripted('p', { access: [['kong.response.exit', [401, 'no']]] })] })
    client.send(post('Content-Length: 5\r\nExpect: 100-continue'))
    expect(await client.over).toMatch(/^HTTP\/1\.1 401 [^]*no$/)
  })
})

describe('a route with request_buffering: false', () => {
  it.each([
    ['Content-Length: 10', 'hello', 'world', 'hello', 'world'],
    ['Transfer-Encoding: chunked', '5\r\nhello\r\n', '5;x=y\r\nworld\r\n0\r\nX-T: 1\r\n\r\n', '5\r\nhello\r\n', '5\r\nworld\r\n0\r\n\r\n'],
  ])('passes the body on while it comes, %s', async (framing, first, second, passedFirst, passedSecond) => {
    const { gateway, client, raw } = await start(STREAMING)
    client.send(post(framing, first))
    const service = await raw.connection(0)
    expect(await service.until('hello')).toContain(`${framing}\r\n`)
    client.send(second)
    const received = await service.until(passedSecond)
    expect(received.slice(received.indexOf('\r\n\r\n') + 4)).toBe(passedFirst + passedSecond)
    service.send(OK)
    await client.until('ok')
    expect((await loggedRecord(gateway)).request.size).toBe(post(framing, first + second).length)
  })

  it('reads it first all the same where a plugin wants to see it', async () => {
    const { gateway, client, raw } = await start({ ...STREAMING, plugins: [READING] })
    client.send(post('Content-Length: 10', 'hello'))
    await gateway.log.waitFor('p', 'event', 1)
    await requestsAside(gateway)
    expect(raw.connections).toHaveLength(0)
    client.send('world')
    await (await raw.connection(0)).until('helloworld')
  })

  it('of a body with chunks that are none leaves the service, and answers 400', async () => {
    const { gateway, client, raw } = await start(STREAMING)
    client.send(post('Transfer-Encoding: chunked', '5\r\nhello\r\n'))
    const service = await raw.connection(0)
    await service.until('hello')
    client.send('zz\r\n')
    expect(await client.over).toMatch(/^HTTP\/1\.1 400 /)
    await service.over
    expect((await loggedRecord(gateway)).response.status).toBe(400)
  })

  it('of a client that goes away in the middle leaves the service, as a 400', async () => {
    const { gateway, client, raw } = await start(STREAMING)
    client.send(post('Content-Length: 10', 'hello'))
    const service = await raw.connection(0)
    await service.until('hello')
    client.socket.destroy()
    await service.over
    expect((await loggedRecord(gateway)).response).toMatchObject({ status: 400, size: 0 })
  })

  it.each(['hello', ''])(
    'passes an early answer on, and closes the connection that has the rest of the body, after "%s"',
    async (begun) => {
      const { gateway, client, raw } = await start(STREAMING)
      client.send(post('Content-Length: 10', begun))
      const service = await raw.connection(0)
      await service.until(`\r\n\r\n${begun}`)
      service.send(OK)
      expect(await client.over).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*ok$/)
      await service.over
      expect((await loggedRecord(gateway)).response.status).toBe(200)
    },
  )

  it('does not ask again once a part of the body went out', async () => {
    const { gateway, client, raw } = await start(STREAMING)
    client.send(post('Content-Length: 10', 'hello', 'PUT'))
    const service = await raw.connection(0)
    await service.until('hello')
    service.socket.resetAndDestroy()
    expect(await client.over).toMatch(/^HTTP\/1\.1 502 /)
    const record = await loggedRecord(gateway)
    expect([record.tries.length, raw.connections.length]).toEqual([1, 1])
  })

  it('asks again all the same when the body had come with its head', async () => {
    const { gateway, client, raw } = await start(STREAMING)
    client.send(post('Content-Length: 5', 'hello', 'PUT'))
    const service = await raw.connection(0)
    await service.until('hello')
    service.socket.resetAndDestroy()
    const again = await raw.connection(1)
    await again.until('hello')
    again.send(OK)
    expect(await client.until('ok')).toMatch(/^HTTP\/1\.1 200 /)
    expect((await loggedRecord(gateway)).tries).toHaveLength(2)
  })

  it('takes a body of 64 MiB over HTTP/2, at the pace of the service', async () => {
    const raw = await startRawService()
    const gateway = await startTestGateway([LOGGING_PLUGIN], {
      config: routed(raw.url, STREAMING),
      proxyListen: [{ host: '127.0.0.1', port: 0, tls: true, http2: true }],
    })
    const session = connectHttp2(gateway.proxyUrl, { rejectUnauthorized: false })
    onTestFinished(() => session.destroy())
    const stream = session.request({ ':path': '/', ':method': 'POST' })
    const pieces = 64
    stream.write('begun')
    const service = await raw.connection(0)
    expect(await service.until('begun')).toContain('Transfer-Encoding: chunked')
    let got = 0
    service.socket.removeAllListeners('data')
    const ended = new Promise<void>((resolve) => {
      service.socket.on('data', (bytes: Buffer) => {
        got += bytes.length
        if (bytes.subarray(-5).equals(Buffer.from('0\r\n\r\n'))) resolve()
      })
    })
    for (let index = 0; index < pieces; index++) {
      if (!stream.write(Buffer.alloc(1024 * 1024))) await new Promise((resolve) => stream.once('drain', resolve))
    }
    stream.end()
    await ended
    service.send(OK)
    const answer = await new Promise((resolve) => stream.on('data', (bytes: Buffer) => resolve(bytes.toString())))
    expect(answer).toBe('ok')
    expect(got).toBeGreaterThan(pieces * 1024 * 1024)
  })
})

describe('asking again', () => {
  const twoTargets = (first: string, second: string): Record<string, unknown> => {
    const { plugins } = routed(first)
    const target = (url: string): string => new URL(url).host
    return {
      _format_version: '3.0',
      upstreams: [{ name: 'both', targets: [{ target: target(first) }, { target: target(second) }] }],
      services: [{ name: 'up', url: 'http://both', retries: 5, routes: [{ name: 'all', paths: ['/'] }] }],
      plugins,
    }
  }

  it('happens while nothing of an answer has come, and never after', async () => {
    const [a, b] = [await startRawService(), await startRawService()]
    const gateway = await startTestGateway([LOGGING_PLUGIN], { config: twoTargets(a.url, b.url) })
    const client = connectRaw(gateway.proxyUrl).send(post('Content-Length: 5', 'hello', 'PUT'))
    const [first, second] = await Promise.race([
      a.connection(0).then((peer) => [peer, b] as const),
      b.connection(0).then((peer) => [peer, a] as const),
    ])
    await first.until('hello')
    first.socket.destroy()
    const again = await second.connection(0)
    await again.until('hello')
    again.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n')
    await client.until('begun')
    again.socket.destroy()
    await client.over
    const record = await loggedRecord(gateway)
    expect([record.upstream_status, record.tries.length, a.connections.length + b.connections.length]).toEqual(['502, 200', 2, 2])
  })
})
