import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startGateway, type Gateway } from '../../src/gateway/index.js'
import { LuaTable, type LuaValue } from '../../src/kong/index.js'
import { decodeMessage } from '../../src/plugin-server-client/protobuf/decode-message.js'
import { PDK_RPCS } from '../../src/plugin-server-client/protobuf/pdk-rpcs.js'
import { readRecordedEvents, RecordedPluginServer } from './fixtures/recorded-protobuf.js'
import { send, startUpstream } from './fixtures/gateway-harness.js'

const RECORDED_ROUTE = {
  id: '4726a05a-d550-537e-9fc3-a07c7a1188c7',
  created_at: 1795413213,
  updated_at: 1795413213,
  name: 'r1',
  paths: ['~/v1/(?<ver>\\d+)/(?<name>[a-z]+)', '/plain'],
}
const RECORDED_SERVICE = {
  id: 'dea4c45f-3d88-5461-8ebd-05ae5bbbf87a',
  created_at: 1795413213,
  updated_at: 1795413213,
  name: 'up',
  host: '127.0.0.1',
  path: '/base',
}
const PHASES = ['rewrite', 'access', 'response', 'log']

/** What depends on the machine, the moment, or the bytes of another service. */
const VARYING = new Set([
  'kong.node.get_memory_stats',
  'kong.log.serialize',
  'kong.service.response.get_raw_body',
  'kong.response.get_headers',
])

async function startWith(socket: string, folder: string, config: Record<string, unknown>, phases = PHASES): Promise<Gateway> {
  const fields = [
    { config: { type: 'record', fields: [{ message: { type: 'string', default: 'hi' } }, { count: { type: 'integer', default: 3 } }] } },
  ]
  const info = {
    Protocol: 'ProtoBuf:1',
    Plugins: [{ Name: 'gogetset', Priority: 10, Version: '0.1.0', Phases: phases, Schema: { name: 'gogetset', fields } }],
  }
  writeFileSync(join(folder, 'dump.json'), JSON.stringify(info))
  const gateway = await startGateway({
    config,
    pluginServers: [{ name: 'gogetset', socket, queryCommand: `cat ${join(folder, 'dump.json')}` }],
  })
  onTestFinished(() => gateway.close())
  return gateway
}

/** The sequence of a call, field 1: it stands first, with or without the length before it. */
function sequenceOf(chunk: Buffer): Buffer {
  const start = chunk[0] === 0x08 ? 0 : 4
  return Buffer.from(chunk.subarray(start, start + 2))
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kong-ts-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function plain(value: LuaValue): unknown {
  if (!(value instanceof LuaTable)) return value
  return (
    value.asArray()?.map(plain) ??
    Object.fromEntries([...value].map(([key, member]) => [String(key), plain(member)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
  )
}

function decoded(method: string, reply: Buffer): unknown {
  const rpc = PDK_RPCS.get(method)
  return rpc === undefined ? undefined : plain(decodeMessage(rpc.output, reply))
}

describe('ProtoBuf:1', () => {
  it('answers a recorded Go plugin as Kong 3.9.1 did, call by call', async () => {
    const folder = temporaryFolder()
    const events = readRecordedEvents('391-pb-a-getset')
    const server = new RecordedPluginServer(events)
    await server.listen(join(folder, 'go.socket'))
    onTestFinished(() => server.close())
    const upstream = await startUpstream((_, response) => response.end('{}'))
    const gateway = await startWith(join(folder, 'go.socket'), folder, {
      _format_version: '3.0',
      services: [{ ...RECORDED_SERVICE, port: upstream.port, routes: [RECORDED_ROUTE] }],
      plugins: [{ name: 'gogetset' }],
    })
    const headers = { 'user-agent': 'curl/7.88.1', accept: '*/*' }
    await send(`${gateway.proxyUrl}/v1/12/abc?a=1&a=2&b&c=`, {
      method: 'POST',
      body: '{"k":[1,null]}',
      headers: { ...headers, 'x-multi': ['one', 'two'], 'content-type': 'application/json', 'content-length': '14' },
    })
    await expect.poll(() => server.replies[3]?.length).toBe(events[3]?.length)
    await send(`${gateway.proxyUrl}/plain`, { headers })
    await expect.poll(() => server.replies.map(({ length }) => length)).toEqual(events.map(({ length }) => length))

    const port = new URL(gateway.proxyUrl).port
    const here = (text: string): string => text.replaceAll('18000', port).replaceAll('18080', String(upstream.port))
    events.forEach((calls, event) => {
      calls.forEach(({ method, reply }, index) => {
        if (VARYING.has(method)) return
        const got = server.replies[event]?.[index] ?? Buffer.alloc(0)
        const expected = JSON.parse(here(JSON.stringify(decoded(method, reply))))
        if (method === 'kong.request.get_headers') delete expected.fields.connection
        const actual = JSON.parse(JSON.stringify(decoded(method, got)))
        if (method === 'kong.request.get_headers') delete actual.fields.connection
        expect([PHASES[event % 4], method, actual]).toEqual([PHASES[event % 4], method, expected])
        // Maps have no order; everything else agrees byte for byte, zero values too.
        if (!reply.includes('18000') && reply.length < 64 && !/Struct|get_headers|get_query$|get_uri_captures|ctx|get_port/.test(method))
          expect(got.equals(reply)).toBe(true)
      })
    })
  })

  it('gives a body that nginx has spilled as the path of a file, which is gone after the event', async () => {
    const folder = temporaryFolder()
    const socket = join(folder, 'go.socket')
    const method = Buffer.from('kong.request.get_raw_body')
    let path = ''
    let content: Buffer | undefined
    const server = createServer((connection) => {
      connection.on('error', () => undefined)
      let sequence: Buffer = Buffer.alloc(0)
      connection.on('data', (chunk) => {
        if (chunk.includes('__plugin_id'))
          connection.write(Buffer.concat([Buffer.of(7, 0, 0, 0), sequenceOf(chunk), Buffer.of(0x8a, 0x02, 2, 0x10, 2)]))
        else if (chunk.includes('client_body_temp')) {
          path = chunk.toString().slice(chunk.indexOf('/'))
          content = readFileSync(path)
          connection.write(Buffer.concat([Buffer.of(0, 0, 0, 0, sequence.length, 0, 0, 0), sequence]))
        } else if (chunk.includes('access')) {
          sequence = sequenceOf(chunk)
          connection.write(Buffer.concat([Buffer.of(method.length, 0, 0, 0), method, Buffer.of(0, 0, 0, 0)]))
        }
      })
    })
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    onTestFinished(() => void server.close())
    const gateway = await startWith(
      socket,
      folder,
      { _format_version: '3.0', routes: [{ name: 'r', paths: ['/'] }], plugins: [{ name: 'gogetset' }] },
      ['access'],
    )
    const body = Buffer.alloc(20_000, 'body ')
    const answer = await send(gateway.proxyUrl, { method: 'POST', body, headers: { 'content-length': String(body.length) } })
    expect([answer.status, content?.equals(body), existsSync(path)]).toEqual([200, true, false])
  })

  it('starts anew when the connection closes in an event, and gives 500 when nobody answers any more', async () => {
    const folder = temporaryFolder()
    const socket = join(folder, 'go.socket')
    let starts = 0
    const server = createServer((connection) => {
      connection.on('error', () => undefined)
      connection.on('data', (chunk) => {
        if (chunk.includes('__plugin_id')) {
          starts++
          connection.write(Buffer.concat([Buffer.of(7, 0, 0, 0), sequenceOf(chunk), Buffer.of(0x8a, 0x02, 2, 0x10, 2)]))
        } else {
          if (starts === 3) server.close()
          connection.destroy()
        }
      })
    })
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    onTestFinished(() => void server.close())
    const gateway = await startWith(socket, folder, {
      _format_version: '3.0',
      routes: [{ name: 'r', paths: ['/'] }],
      plugins: [{ name: 'gogetset' }],
    })
    const answer = await send(gateway.proxyUrl)
    expect([answer.status, starts]).toEqual([500, 3])
  })
})
