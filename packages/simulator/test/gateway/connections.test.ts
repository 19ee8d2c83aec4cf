import { createServer, connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { gatewaysOn, PROTOCOLS, scripted, send } from './fixtures/gateway-harness.js'

const PLAIN = { host: '127.0.0.1', port: 0, tls: false, http2: false }
const TLS = { ...PLAIN, tls: true }

async function startLineServer(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => socket.write(chunk.toString().toUpperCase()))
    socket.on('end', () => socket.end('bye'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Sends a text, ends its side, and gives what came back until the other side ended. */
function talk(port: number, text: string, serverName?: string): Promise<string> {
  return new Promise((resolve) => {
    const socket =
      serverName === undefined
        ? connect(port, '127.0.0.1')
        : connectTls({ port, host: '127.0.0.1', servername: serverName, rejectUnauthorized: false })
    let got = ''
    socket.on('data', (chunk: Buffer) => (got += chunk.toString()))
    socket.on('error', () => resolve(`${got}!`))
    socket.on('close', () => resolve(got))
    socket.end(text)
  })
}

const tcpConfig = (port: number, script: Parameters<typeof scripted>[1]): Record<string, unknown> => ({
  _format_version: '3.0',
  services: [
    {
      name: 's',
      url: `tcp://127.0.0.1:${port}`,
      routes: [
        { name: 'tcp', protocols: ['tcp'], sources: [{ ip: '127.0.0.0/8' }] },
        { name: 'tls', protocols: ['tls'], snis: ['line.test'] },
      ],
    },
  ],
  plugins: [scripted('p', script)],
})

describe.each(PROTOCOLS)('connections of the stream part, plugins on %s,', (protocol) => {
  const startTestGateway = gatewaysOn(protocol)

  it('run preread, then carry bytes both ways, then run log', async () => {
    const gateway = await startTestGateway([{ name: 'p', phases: 'preread,log' }], {
      streamListen: [PLAIN],
      config: tcpConfig(await startLineServer(), { preread: [['kong.client.get_ip', []]], log: [['kong.nginx.get_subsystem', []]] }),
    })
    expect(await talk(gateway.streamPorts[0] ?? 0, 'hello')).toBe('HELLObye')
    const events = await gateway.log.waitFor('p', 'event', 2)
    expect(events).toMatchObject([
      { event: 'preread', results: ['127.0.0.1'] },
      { event: 'log', results: ['stream'] },
    ])
  })

  it('end with the body of an exit in preread, and the service is not asked', async () => {
    const gateway = await startTestGateway([{ name: 'p', phases: 'preread' }], {
      streamListen: [PLAIN],
      config: tcpConfig(1, { preread: [['kong.response.exit', [200, 'go away']]] }),
    })
    expect(await talk(gateway.streamPorts[0] ?? 0, 'hello')).toBe('go away')
  })

  it('are closed when a handler raises, and where no route fits', async () => {
    const gateway = await startTestGateway([{ name: 'p', phases: 'preread' }], {
      streamListen: [PLAIN, TLS],
      config: tcpConfig(await startLineServer(), { preread: [['kong.response.exit', ['no status']]] }),
    })
    const [plain = 0, secure = 0] = gateway.streamPorts
    expect(await talk(plain, 'hello')).toBe('')
    expect(await talk(secure, 'hello', 'other.test')).toBe('')
  })

  it('with TLS are routed by server name', async () => {
    const gateway = await startTestGateway([{ name: 'p', phases: 'preread' }], {
      streamListen: [TLS],
      config: tcpConfig(await startLineServer(), {}),
    })
    expect(await talk(gateway.streamPorts[0] ?? 0, 'hello', 'line.test')).toBe('HELLObye')
  })
})

describe.each(PROTOCOLS)('the certificate phase on %s', (protocol) => {
  const startTestGateway = gatewaysOn(protocol)

  const config = (script: Parameters<typeof scripted>[1]): Record<string, unknown> => ({
    _format_version: '3.0',
    routes: [{ name: 'r', paths: ['/'] }],
    plugins: [scripted('p', script)],
  })

  it('runs during the TLS handshake, before a request is there, with and without a server name', async () => {
    const gateway = await startTestGateway([{ name: 'p', phases: 'certificate,rewrite' }], {
      proxyListen: [TLS, PLAIN],
      config: config({ certificate: [['kong.nginx.get_subsystem', []]] }),
    })
    const [secure = '', plain = ''] = gateway.proxyUrls
    const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    expect(await talk(Number(new URL(secure).port), request, 'a.test')).toMatch(/^HTTP\/1\.1 200/)
    expect(await talk(Number(new URL(secure).port), request, '')).toMatch(/^HTTP\/1\.1 200/)
    await send(plain)
    const events = await gateway.log.waitFor('p', 'event', 5)
    expect(events.map(({ event }) => event)).toEqual(['certificate', 'rewrite', 'certificate', 'rewrite', 'rewrite'])
  })

  it('ends the handshake when a handler raises: nginx variables are out of reach there', async () => {
    const gateway = await startTestGateway([{ name: 'p', phases: 'certificate' }], {
      proxyListen: [TLS],
      config: config({ certificate: [['kong.client.get_ip', []]] }),
    })
    expect(await talk(Number(new URL(gateway.proxyUrl).port), 'GET / HTTP/1.1\r\n\r\n', 'a.test')).toBe('!')
  })
})
