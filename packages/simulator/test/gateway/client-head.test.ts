import { describe, expect, it } from 'vitest'
import { startTestGateway } from './fixtures/gateway-harness.js'
import { loggedRecord, LOGGING_PLUGIN, routed } from './fixtures/logging-plugin.js'
import { connectRaw } from './fixtures/raw-peer.js'

const start = (settings: Record<string, string> = {}): ReturnType<typeof startTestGateway> =>
  startTestGateway([LOGGING_PLUGIN], { config: routed('http://127.0.0.1:1'), settings })

describe('the head of a request', () => {
  it.each([
    ['a request line beyond 8 KiB', `GET /${'a'.repeat(9000)}`, 414],
    ['a header beyond 8 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(9000)}`, 400],
    ['more headers than four buffers of 8 KiB hold', `GET / HTTP/1.1\r\nHost: x\r\n${`X-Some: ${'a'.repeat(800)}\r\n`.repeat(50)}`, 400],
  ])('with %s is refused at once, without its end', async (_, text, status) => {
    const gateway = await start()
    const client = connectRaw(gateway.proxyUrl).send(text)
    expect(await client.over).toMatch(new RegExp(`^HTTP/1\\.1 ${status} (?=[^]*^Connection: close\\r$)`, 'm'))
    expect((await loggedRecord(gateway)).response.status).toBe(status)
  })

  it('of nearly 33 KiB in many lines is read', async () => {
    const gateway = await start()
    const lines = Array.from({ length: 41 }, (_, index) => `X${String(index).padStart(2, '0')}: ${'a'.repeat(790)}\r\n`).join('')
    const client = connectRaw(gateway.proxyUrl).send(`GET /aside HTTP/1.1\r\nHost: x\r\n${lines}\r\n`)
    expect(await client.until('X40'.toLowerCase())).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('that comes too slowly ends the connection without an answer, as a 408', async () => {
    const gateway = await start({ nginx_http_client_header_timeout: '500ms' })
    const client = connectRaw(gateway.proxyUrl).send('GET / HTTP/1.1\r\nHo')
    expect(await client.over).toBe('')
    expect((await loggedRecord(gateway)).response).toMatchObject({ status: 408, size: 0 })
  })

  it('that never begins ends the connection without a word', async () => {
    const gateway = await start({ nginx_http_client_header_timeout: '80ms' })
    expect(await connectRaw(gateway.proxyUrl).over).toBe('')
    expect(gateway.log.printed('logger', 'event')).toEqual([])
  })

  it('of the next request may take keepalive_timeout to begin', async () => {
    const gateway = await start({ nginx_http_keepalive_timeout: '80ms', nginx_proxy_client_header_timeout: '1h' })
    const client = connectRaw(gateway.proxyUrl).send('GET /aside HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(await client.over).toMatch(/^HTTP\/1\.1 200 (?=[^]*^Connection: keep-alive\r$)/m)
  })
})

it('a timeout nginx would not start with is refused at the start', async () => {
  await expect(start({ nginx_http_send_timeout: 'soon' })).rejects.toThrow(/nginx_http_send_timeout is "soon"; write a time/)
})
