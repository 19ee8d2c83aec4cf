import { describe, expect, it } from 'vitest'
import { FrameWriter } from '../../src/protocol-protobuf/frame-writer.js'
import { MessageCodec } from '../../src/protocol-protobuf/message-codec.js'
import type { MessageName } from '../../src/protocol-protobuf/message-definitions.js'
import { PdkCodec } from '../../src/protocol-protobuf/pdk-codec.js'
import { RPC_TABLE } from '../../src/protocol-protobuf/rpc-table.js'
import { RECORDINGS, recordedFrames, type RecordedFrame } from './recorded-sessions.js'

const types = new MessageCodec()

function messageOf({ kind, method }: RecordedFrame): MessageName | undefined {
  if (kind === 'RpcCall') return 'Command'
  if (kind === 'RpcReturn') return 'Done'
  const rpc = RPC_TABLE.get(method)
  return kind === 'args' ? rpc?.takes.message : kind === 'reply' ? rpc?.gives.message : undefined
}

function encoded(name: MessageName, message: never): Buffer {
  const writer = new FrameWriter()
  writer.begin()
  types.encode(name, message, writer)
  return Buffer.from(writer.frames)
}

/** Fields and members in one order: Kong's library writes them in any. */
function sorted(bytes: Buffer): unknown {
  return [...bytes.toString('latin1')].sort()
}

describe.each(RECORDINGS)('the recorded session %s', (name) => {
  const frames = recordedFrames(name)

  it('decodes, and encodes to the same fields again', () => {
    let messages = 0
    for (const recorded of frames) {
      const message = messageOf(recorded)
      if (message === undefined) continue
      messages++
      const again = encoded(message, types.decode(message, recorded.bytes) as never)
      expect([recorded.method, again.length, sorted(again)]).toEqual([recorded.method, recorded.bytes.length, sorted(recorded.bytes)])
      expect(types.decode(message, again)).toEqual(types.decode(message, recorded.bytes))
    }
    expect(messages).toBeGreaterThan(0)
  })
})

/** The value of `decoded` in a recording as arguments of a call. */
function argumentsOf(method: string, value: unknown): readonly unknown[] {
  const message = value as Record<string, unknown>
  switch (RPC_TABLE.get(method)?.takes.message) {
    case 'Nothing':
      return []
    case 'Pair':
      return [message['k'] ?? '', plain(message['v'])]
    case 'List':
      return (message['values'] as unknown[]).map(plain)
    case 'Table':
      return [plain({ structValue: message })]
    case 'Exit':
      return [
        message['status'],
        bytesOf(message['body']),
        message['headers'] === undefined ? undefined : plain({ structValue: message['headers'] }),
      ]
    default:
      return [bytesOf(message['v'])]
  }
}

function bytesOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '$bytes' in value ? value.$bytes : value
}

function plain(value: unknown): unknown {
  const [[kind, content] = ['nullValue', null]] = Object.entries((value ?? {}) as Record<string, unknown>)
  if (kind === 'structValue')
    return Object.fromEntries(Object.entries((content as { fields?: object }).fields ?? {}).map(([key, member]) => [key, plain(member)]))
  if (kind === 'listValue') return (content as { values: unknown[] }).values.map(plain)
  return kind === 'nullValue' ? undefined : content
}

/** What a plugin server written in Go sends and ours does not, each for a reason of its own. */
const OURS_DIFFERS = new Map([
  ['kong.request.get_query_arg', 'asked as get_query, since a bare argument would end the request with 500'],
  ['kong.ctx.shared.set', 'false and null are never sent'],
])

describe('calls of the recorded Go plugins', () => {
  it.each(RECORDINGS)('are sent with the same bytes, in %s', (name) => {
    const codec = new PdkCodec(types)
    for (const { kind, method, bytes, value } of recordedFrames(name)) {
      if (kind !== 'args' || OURS_DIFFERS.has(method)) continue
      const writer = new FrameWriter()
      writer.begin()
      codec.writeCall(writer, method, argumentsOf(method, value))
      const sent = Buffer.from(writer.frames)
      const methodLength = sent.readUInt32LE()
      expect(sent.subarray(4, 4 + methodLength).toString()).toBe(method)
      const args = sent.subarray(8 + methodLength)
      expect(sent.readUInt32LE(4 + methodLength)).toBe(args.length)
      // Go says the zero value of an empty name and of no body by leaving it out, and empty tables as such.
      if (method === 'kong.response.set_header' && bytes[0] !== 0x0a) continue
      expect([method, args.length, sorted(args)]).toEqual([method, bytes.length, sorted(bytes)])
    }
  })

  it('are answered with what Kong 3.9.1 meant', () => {
    const answers = new Map<string, unknown[]>()
    for (const { kind, method, bytes } of recordedFrames('a-getset')) {
      if (kind !== 'reply') continue
      const rpc = RPC_TABLE.get(method)
      if (rpc === undefined) throw new Error(`no rpc ${method}`)
      answers.set(method, [...(answers.get(method) ?? []), rpc.gives.read(types, bytes)])
    }
    const first = (method: string): unknown => answers.get(method)?.[0]
    expect(first('kong.request.get_headers')).toMatchObject({ host: ['127.0.0.1:18000'], 'x-multi': ['one', 'two'] })
    expect(answers.get('kong.request.get_header')).toEqual(['127.0.0.1:18000', undefined, '127.0.0.1:18000', undefined])
    expect(answers.get('kong.request.get_query')).toEqual([{ a: ['1', '2'], b: [], c: [''] }, {}])
    expect(answers.get('kong.request.get_raw_body')).toEqual([new TextEncoder().encode('{"k":[1,null]}'), new Uint8Array()])
    expect(first('kong.request.get_port')).toBe(18000)
    expect(first('kong.request.get_http_version')).toBe(1.1)
    expect(answers.get('kong.request.get_uri_captures')).toEqual([
      { unnamed: ['12', 'abc'], named: { ver: '12', name: 'abc' } },
      { unnamed: [], named: {} },
    ])
    expect(first('kong.router.get_route')).toMatchObject({
      id: '4726a05a-d550-537e-9fc3-a07c7a1188c7',
      created_at: 1795413213,
      protocols: ['http', 'https'],
      https_redirect_status_code: 426,
      strip_path: true,
      service: { id: 'dea4c45f-3d88-5461-8ebd-05ae5bbbf87a' },
    })
    expect(first('kong.router.get_service')).toMatchObject({
      host: '127.0.0.1',
      port: 18080,
      retries: 5,
      path: '/base',
      connect_timeout: 60000,
    })
    expect([first('kong.client.get_consumer'), first('kong.client.get_credential')]).toEqual([undefined, undefined])
    expect(first('kong.node.get_memory_stats')).toEqual({
      lua_shared_dicts: {
        kong: { allocated_slabs: 40960, capacity: 5242880 },
        kong_db_cache: { allocated_slabs: 794624, capacity: 134217728 },
      },
      workers_lua_vms: [{ http_allocated_gc: 43873054, pid: 25147 }],
    })
    // `false` and null as a Go plugin stored them, and what nobody stored.
    expect(answers.get('kong.ctx.shared.get')?.slice(0, 5)).toEqual(['v1', { a: [1, 2.5], b: true }, undefined, undefined, 'yes'])
    expect(first('kong.ip.is_trusted')).toBe(false)
    expect(answers.get('kong.service.response.get_headers')?.[0]).toEqual({})
    expect(first('kong.response.get_status')).toBe(200)
    expect(JSON.parse(String(first('kong.log.serialize')))).toMatchObject({ service: { name: 'up' } })
  })
})
