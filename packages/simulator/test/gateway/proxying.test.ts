import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { PROTOCOLS, scripted, send, startTestGateway, startUpstream } from './fixtures/gateway-harness.js'

const config = (url: string, rest: Record<string, unknown> = {}): Record<string, unknown> => ({
  _format_version: '3.0',
  services: [{ name: 'up', url, routes: [{ name: 'all', paths: ['/'] }] }],
  ...rest,
})

describe('proxying', () => {
  it('carries bodies of 1 MiB byte for byte in both directions, sized and chunked', async () => {
    const upstream = await startUpstream((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks)
        response.setHeader('x-sha256', createHash('sha256').update(body).digest('hex'))
        if (request.url === '/chunked') response.write(body.subarray(0, 1000))
        response.end(request.url === '/chunked' ? body.subarray(1000) : body)
      })
    })
    const gateway = await startTestGateway([], { config: config(upstream.url) })
    const body = randomBytes(1024 * 1024)
    const digest = createHash('sha256').update(body).digest('hex')
    for (const headers of [{ 'content-length': String(body.length) }, { 'transfer-encoding': 'chunked' }]) {
      for (const path of ['/sized', '/chunked']) {
        const answer = await send(`${gateway.proxyUrl}${path}`, { method: 'POST', headers, body })
        expect(answer.headers['x-sha256']).toBe(digest)
        expect(answer.body.equals(body)).toBe(true)
      }
    }
  })

  it.each(PROTOCOLS)('gives 200 concurrent requests each its own answer from a plugin on %s', async (protocol) => {
    const upstream = await startUpstream((request, response) => response.end(request.url))
    const gateway = await startTestGateway([{ name: 'tag' }], {
      protocol,
      config: config(upstream.url, {
        plugins: [
          scripted('tag', {
            access: [
              ['kong.request.get_path', []],
              ['kong.response.set_header', ['x-path', { result: 0 }]],
            ],
          }),
        ],
      }),
    })
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => send(`${gateway.proxyUrl}/n/${index}`)))
    expect(answers.map(({ status, headers, body }) => [status, headers['x-path'], body.toString()])).toEqual(
      Array.from({ length: 200 }, (_, index) => [200, `/n/${index}`, `/n/${index}`]),
    )
  })

  it('keeps order and case of headers on both sides', async () => {
    let seen: string[] = []
    const upstream = await startUpstream((request, response) => {
      seen = request.rawHeaders
      response.writeHead(200, ['X-Second', '2', 'x-FIRST', '1', 'X-Second', '3', 'content-length', '0', 'date', 'now'])
      response.end()
    })
    const gateway = await startTestGateway([], { config: config(upstream.url) })
    const answer = await send(gateway.proxyUrl, { headers: { 'X-bB': '1', 'x-Aa': '2', Cookie: 'c=1' } })
    expect(seen.filter((text) => /^(x-bb|x-aa|cookie)$/i.test(text))).toEqual(['X-bB', 'x-Aa', 'Cookie'])
    expect(answer.rawHeaders.filter((text) => /^x-(first|second)$/i.test(text))).toEqual(['X-Second', 'x-FIRST', 'X-Second'])
  })

  it('serves several requests on one connection', async () => {
    const upstream = await startUpstream((request, response) => response.end(request.url))
    const gateway = await startTestGateway([], { config: config(upstream.url) })
    const text = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(gateway.proxyUrl).port), '127.0.0.1')
      let got = ''
      socket.on('data', (chunk) => {
        got += chunk.toString()
        if (got.endsWith('/third')) socket.end(() => resolve(got))
      })
      const requests = ['first', 'second', 'third'].map((path) => `GET /${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
      socket.write(requests.join(''))
    })
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(3)
    expect(text.match(/^\/(first|second|third)/gm)).toEqual(['/first', '/second', '/third'])
  })

  it('echoes the request where the config names no service', async () => {
    const gateway = await startTestGateway([], { config: { _format_version: '3.0', routes: [{ name: 'r', paths: ['/api'] }] } })
    const answer = await send(`${gateway.proxyUrl}/api/x?a=1`, { method: 'PUT', headers: { 'x-y': 'z' }, body: 'hello' })
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      method: 'PUT',
      path: '/x',
      query: 'a=1',
      headers: { 'x-y': 'z' },
      body: 'hello',
    })
  })

  it('answers as Kong does without route, without upstream, and when the upstream is too slow', async () => {
    const slow = await startUpstream(() => undefined)
    const gone = await startUpstream(() => undefined)
    await new Promise((resolve) => gone.server.close(resolve))
    const gateway = await startTestGateway([], {
      config: {
        _format_version: '3.0',
        services: [
          { name: 'gone', url: gone.url, retries: 0, routes: [{ name: 'gone', paths: ['/gone'] }] },
          { name: 'slow', url: slow.url, retries: 0, read_timeout: 50, routes: [{ name: 'slow', paths: ['/slow'] }] },
        ],
      },
    })
    const none = await send(`${gateway.proxyUrl}/none`)
    expect([none.status, JSON.parse(none.body.toString())]).toMatchObject([404, { message: 'no Route matched with those values' }])
    const down = await send(`${gateway.proxyUrl}/gone`)
    expect([down.status, down.body.toString()]).toMatchObject([
      502,
      expect.stringContaining('An invalid response was received from the upstream server'),
    ])
    const late = await send(`${gateway.proxyUrl}/slow`)
    expect([late.status, late.body.toString()]).toMatchObject([504, expect.stringContaining('The upstream server is timing out')])
  })
})

describe('requests that are not as they should be', () => {
  const exchange = async (text: string): Promise<string> => {
    const gateway = await startTestGateway([], { config: { _format_version: '3.0', routes: [{ name: 'r', paths: ['/'] }] } })
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(gateway.proxyUrl).port), '127.0.0.1')
      let got = ''
      socket.on('data', (chunk) => (got += chunk.toString()))
      socket.on('close', () => resolve(got))
      socket.write(text)
    })
  }

  it.each([
    ['no request line', 'garbage\r\n\r\n'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc'],
    ['length and chunks at once', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ])('%s: 400 and the end of the connection', async (_, text) => {
    const answer = await exchange(text)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('Connection: close')
  })

  it('empty lines before a request and names nginx knows not are passed over', async () => {
    const answer = await exchange('\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nX.Y: 1\r\nwith-none\r\nok: 5\r\nConnection: close\r\n\r\n')
    expect(JSON.parse(answer.slice(answer.indexOf('{'))).headers).toMatchObject({ 'with-none': '', ok: '5' })
    expect(answer).not.toContain('x.y')
  })
})
