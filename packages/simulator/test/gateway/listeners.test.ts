import { connect as connectHttp2 } from 'node:http2'
import { createServer as createHttpsServer, request } from 'node:https'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TEST_IDENTITY } from '../../src/gateway/net/test-identity.js'
import { PROTOCOLS, scripted, send, startTestGateway, startUpstream } from './fixtures/gateway-harness.js'

const TLS = { host: '127.0.0.1', port: 0, tls: true, http2: true }
const PLAIN = { host: '127.0.0.1', port: 0, tls: false, http2: false }

describe('listeners', () => {
  it.each(PROTOCOLS)('speak TLS with a certificate of their own, and plugins on %s see the scheme', async (protocol) => {
    const gateway = await startTestGateway([{ name: 'p' }], {
      protocol,
      proxyListen: [PLAIN, TLS],
      config: {
        _format_version: '3.0',
        routes: [{ name: 'a', paths: ['/'] }],
        plugins: [
          scripted('p', {
            access: [
              ['kong.request.get_scheme', []],
              ['kong.response.set_header', ['x-scheme', { result: 0 }]],
            ],
          }),
        ],
      },
    })
    const [plain = '', secure = ''] = gateway.proxyUrls
    expect([plain.slice(0, 5), secure.slice(0, 6)]).toEqual(['http:', 'https:'])
    expect((await send(plain)).headers['x-scheme']).toBe('http')
    const scheme = await new Promise((resolve, reject) => {
      request(secure, { rejectUnauthorized: false, agent: false }, (response) => {
        response.resume()
        resolve(response.headers['x-scheme'])
      })
        .on('error', reject)
        .end()
    })
    expect(scheme).toBe('https')
  })

  it('speak HTTP/2 when the address says so, with a body', async () => {
    const gateway = await startTestGateway([], {
      proxyListen: [TLS],
      config: { _format_version: '3.0', routes: [{ name: 'a', paths: ['/'] }] },
    })
    const session = connectHttp2(gateway.proxyUrl, { rejectUnauthorized: false })
    onTestFinished(() => session.destroy())
    const text = await new Promise<string>((resolve) => {
      const stream = session.request({ ':method': 'POST', ':path': '/x?y=1', 'x-z': 'w' })
      let got = ''
      stream.on('data', (chunk: Buffer) => (got += chunk.toString()))
      stream.on('end', () => resolve(got))
      stream.end('hello')
    })
    expect(JSON.parse(text)).toMatchObject({ method: 'POST', path: '/x', query: 'y=1', body: 'hello', headers: { 'x-z': 'w' } })
  })
})

describe('services', () => {
  it('of an upstream take turns by weight, and one that is down is left out of a request', async () => {
    const counts = { heavy: 0, light: 0 }
    const heavy = await startUpstream((_, response) => response.end(`heavy${counts.heavy++}`))
    const light = await startUpstream((_, response) => response.end(`light${counts.light++}`))
    const closed = await startUpstream(() => undefined)
    await new Promise((resolve) => closed.server.close(resolve))
    const targets = [
      { target: `127.0.0.1:${heavy.port}`, weight: 20 },
      { target: `127.0.0.1:${light.port}`, weight: 10 },
      { target: `127.0.0.1:${closed.port}`, weight: 10 },
    ]
    const gateway = await startTestGateway([], {
      config: {
        _format_version: '3.0',
        upstreams: [{ name: 'pool', targets }],
        services: [{ name: 's', host: 'pool', routes: [{ name: 'r', paths: ['/'] }] }],
      },
    })
    const statuses = new Set<number>()
    for (let index = 0; index < 16; index++) statuses.add((await send(gateway.proxyUrl)).status)
    expect([...statuses]).toEqual([200])
    expect(counts.heavy + counts.light).toBe(16)
    expect(counts.heavy).toBeGreaterThan(counts.light)
  })

  it('are verified when tls_verify says so', async () => {
    const server = createHttpsServer(TEST_IDENTITY, (_, response) => response.end('secret'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    const url = `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    const gateway = await startTestGateway([], {
      config: {
        _format_version: '3.0',
        services: [
          { name: 'trusting', url, routes: [{ name: 'a', paths: ['/a'] }] },
          { name: 'strict', url, tls_verify: true, retries: 0, routes: [{ name: 'b', paths: ['/b'] }] },
        ],
      },
    })
    const [trusting, strict] = [await send(`${gateway.proxyUrl}/a`), await send(`${gateway.proxyUrl}/b`)]
    expect([trusting.status, trusting.body.toString(), strict.status]).toEqual([200, 'secret', 502])
  })

  it('resolve names', async () => {
    const upstream = await startUpstream((_, response) => response.end('by name'))
    const gateway = await startTestGateway([], {
      config: {
        _format_version: '3.0',
        services: [{ name: 's', url: `http://localhost:${upstream.port}`, routes: [{ name: 'r', paths: ['/'] }] }],
      },
    })
    expect((await send(gateway.proxyUrl)).body.toString()).toBe('by name')
  })
})
