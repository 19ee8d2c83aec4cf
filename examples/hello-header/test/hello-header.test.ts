import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type Gateway } from '@kong-ts/testing/gateway'

const script = fileURLToPath(new URL('../dist/main.js', import.meta.url))

describe.each(['MsgPack:1', 'ProtoBuf:1'] as const)('hello-header behind the stand-in gateway, on %s', (protocol) => {
  let gateway: Gateway

  beforeAll(async () => {
    gateway = await startGateway({
      config: {
        _format_version: '3.0',
        routes: [
          { name: 'default', paths: ['/'], plugins: [{ name: 'hello-header' }] },
          { name: 'configured', paths: ['/configured'], plugins: [{ name: 'hello-header', config: { message: 'moin' } }] },
        ],
      },
      scripts: [script],
      protocol,
    })
  })
  afterAll(() => gateway.close())

  it('greets the host that was asked for', async () => {
    const response = await fetch(gateway.proxyUrl)
    expect(response.headers.get('x-hello-from-ts')).toBe(`TypeScript says hello to ${new URL(gateway.proxyUrl).host}`)
  })

  it('greets with the configured message', async () => {
    const response = await fetch(`${gateway.proxyUrl}/configured`)
    expect(response.headers.get('x-hello-from-ts')).toMatch(/^TypeScript says moin to /)
  })
})
