import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type Gateway } from '@kong-ts/simulator/gateway'

const script = fileURLToPath(new URL('../fixtures/many-calls-server.mjs', import.meta.url))

interface Seen {
  readonly status: number
  readonly seen: unknown
  readonly upstream: string | null
  readonly many: string | null
  readonly body: string
}

const PROTOCOLS = ['MsgPack:1', 'ProtoBuf:1'] as const

describe('a plugin server process behind the stand-in gateway', () => {
  const gateways = new Map<string, Gateway>()
  const service = createServer((request, response) => response.end(`${request.url} ${String(request.headers['x-several'])}`))

  beforeAll(async () => {
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    const address = service.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const config = {
      _format_version: '3.0',
      services: [{ name: 'up', url: `http://127.0.0.1:${port}`, routes: [{ name: 'r1', paths: ['~/v1/(?<ver>\\d+)/(\\w+)', '/'] }] }],
      plugins: [{ name: 'many-calls', id: '11111111-1111-4111-8111-111111111111' }],
    }
    for (const protocol of PROTOCOLS) gateways.set(protocol, await startGateway({ config, scripts: [script], protocol }))
  })
  afterAll(async () => {
    for (const gateway of gateways.values()) await gateway.close()
    service.close()
  })

  async function ask(protocol: string, path: string, init: RequestInit = {}): Promise<Seen> {
    const response = await fetch(`${gateways.get(protocol)?.proxyUrl}${path}`, init)
    const { headers, status } = response
    return {
      status,
      seen: JSON.parse(headers.get('x-seen') ?? 'null'),
      upstream: headers.get('x-upstream'),
      many: headers.get('x-many'),
      body: await response.text(),
    }
  }

  it.each([
    ['a plain request', '/', {}],
    ['captures, arguments and a path that is not normal', '/v1/12/abc?a=1&a=2&bare&empty=&x=%C3%BC', { headers: { 'x-multi': 'one' } }],
    ['arguments with names of the language', '/x?__proto__=1&constructor=2&_method=3', {}],
    ['a body in memory', '/', { method: 'POST', body: 'hello' }],
    ['a body that nginx writes to a file', '/', { method: 'POST', body: 'x'.repeat(100_000) }],
  ])('sees and does the same on both protocols: %s', async (_what, path, init) => {
    const [onMsgpack, onProtobuf] = [await ask('MsgPack:1', path, init), await ask('ProtoBuf:1', path, init)]
    expect(onMsgpack).toMatchObject({
      status: 200,
      many: 'one, two',
      upstream: expect.stringMatching(/^200 \d+ service$/) as string,
      body: expect.stringContaining('?a=1&a=2&flag') as string,
    })
    expect(withoutWholeMatch(onProtobuf)).toEqual(withoutWholeMatch(onMsgpack))
  })

  it.each(PROTOCOLS)('ends requests on %s as the plugin, or its failure, says', async (protocol) => {
    expect(await ask(protocol, '/', { headers: { 'x-how': 'exit' } })).toMatchObject({ status: 418, body: '{"message":"tea"}' })
    expect(await ask(protocol, '/', { headers: { 'x-how': 'throw' } })).toMatchObject({
      status: 500,
      body: '{"message":"An unexpected error occurred"}',
    })
    expect(await ask(protocol, '/')).toMatchObject({ status: 200 })
  })

  it('fails closed on ProtoBuf:1 when the process dies, where Kong lets the request pass on MsgPack:1', async () => {
    const statuses = await Promise.all(
      PROTOCOLS.map(async (protocol) => (await ask(protocol, '/', { headers: { 'x-how': 'stop' } })).status),
    )
    expect(statuses).toEqual([200, 500])
  })
})

/** The capture of the whole match does not travel on ProtoBuf:1. */
function withoutWholeMatch(answer: Seen): unknown {
  return JSON.parse(JSON.stringify(answer).replace(/"unnamed":\[(?:null|"[^"]*"),/, '"unnamed":['))
}
