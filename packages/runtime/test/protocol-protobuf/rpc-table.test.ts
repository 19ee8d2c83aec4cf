import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import { parse } from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { PDK_METHODS, type PdkMethod } from '@kong-ts/core/server'
import { FrameWriter } from '../../src/protocol-protobuf/frame-writer.js'
import { MessageCodec } from '../../src/protocol-protobuf/message-codec.js'
import { PdkCodec } from '../../src/protocol-protobuf/pdk-codec.js'
import { RPC_TABLE } from '../../src/protocol-protobuf/rpc-table.js'
import { loadPdkSupport } from '../../src/protocol-protobuf/pdk-support.js'
import { plainMessage } from './plain-message.js'

/**
 * Every PDK function that can be called from outside: its rpc on ProtoBuf:1 with Kong's names of the messages, null where there is none.
 */
const facts = JSON.parse(readFileSync(new URL('../data/protobuf-rpcs.json', import.meta.url), 'utf8')) as Record<
  string,
  readonly [string, string, string] | null
>

const PROTO = new URL('../../src/protocol-protobuf/plugin-server.proto', import.meta.url)

const OUR_NAMES: Readonly<Record<string, string>> = {
  Empty: 'Nothing',
  String: 'Text',
  Int: 'Whole',
  Number: 'Real',
  Bool: 'Flag',
  ByteString: 'Bytes',
  KV: 'Pair',
  Struct: 'Table',
  ListValue: 'List',
  ExitArgs: 'Exit',
  ConsumerSpec: 'ConsumerQuestion',
  AuthenticateArgs: 'Authentication',
  AuthenticatedCredential: 'Credential',
  MemoryStats: 'Memory',
  RawBodyResult: 'RequestBody',
  UriCapturesResult: 'Captures',
}

describe('the calls of ProtoBuf:1', () => {
  it('are the 74 that Kong has, with the same messages', () => {
    const table = Object.fromEntries([...RPC_TABLE].map(([method, { takes, gives }]) => [method, [takes.message, gives.message]]))
    const kongs = Object.entries(facts).flatMap(([method, rpc]) =>
      rpc === null ? [] : [[method, [OUR_NAMES[rpc[1]] ?? rpc[1], OUR_NAMES[rpc[2]] ?? rpc[2]]] as const],
    )
    expect(table).toEqual(Object.fromEntries(kongs))
    expect(RPC_TABLE.size).toBe(74)
  })

  it('are declared in plugin-server.proto, which message-definitions.ts is made from', () => {
    const script = fileURLToPath(new URL('../../../../scripts/generate-message-definitions.mjs', import.meta.url))
    expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toContain('74 rpcs')
  })

  it('are declared there as they are used, under the names of the rpcs that Kong has', () => {
    const { methods } = parse(readFileSync(PROTO, 'utf8'), { keepCase: true }).root.lookupService('kong_ts.Kong')
    const declared = Object.values(methods).map(({ name, requestType, responseType }) => `${name}(${requestType}) -> ${responseType}`)
    const used = [...RPC_TABLE].map(([method, { takes, gives }]) => `${facts[method]?.[0]}(${takes.message}) -> ${gives.message}`)
    expect(used.toSorted()).toEqual(declared.toSorted())
  })
})

describe('a call that ProtoBuf:1 does not have', () => {
  const codec = new PdkCodec(new MessageCodec())
  const replaced = ['kong.log', 'kong.plugin.get_id', 'kong.request.get_start_time', 'kong.request.get_raw_path', 'kong.response.error']
  const missing = Object.entries(facts).flatMap(([method, rpc]) => (rpc === null && !replaced.includes(method) ? [method] : []))

  it.each(missing)('%s is refused before anything is sent, with a remedy', (method) => {
    expect(() => codec.writeCall(new FrameWriter(), method, [])).toThrow(
      expect.objectContaining({
        code: 'ERR_PDK_PROTOCOL',
        method,
        message: expect.stringMatching(/^kong\.[\w.]+ was not called: ProtoBuf:1 cannot carry it\. \w.{10,}\.$/),
      }),
    )
  })

  it('is told to tools, with the same remedy', async () => {
    const [onMsgpack, onProtobuf] = [await loadPdkSupport('MsgPack:1'), await loadPdkSupport('ProtoBuf:1')]
    expect(Object.keys(facts).filter((method) => onProtobuf(method) !== undefined)).toEqual(missing)
    expect(Object.keys(facts).filter((method) => onMsgpack(method) !== undefined)).toEqual([])
    for (const method of missing) expect(() => codec.writeCall(new FrameWriter(), method, [])).toThrow(onProtobuf(method))
  })

  it('is known for every method of the PDK: it has an rpc, something that stands for it, or a refusal', () => {
    const methods = Object.values(PDK_METHODS).flatMap((namespace): PdkMethod[] => Object.values(namespace))
    const unknown = methods.filter(({ name, edition }) => edition === 'oss' && !(name in facts))
    expect(unknown.map(({ name }) => name)).toEqual([])
  })
})

describe('a call that another one replaces', () => {
  const codec = new PdkCodec(new MessageCodec())
  const types = new MessageCodec()

  function sent(method: string, ...args: readonly unknown[]): { method: string; args: unknown; read: (bytes: Buffer) => unknown } {
    const writer = new FrameWriter()
    writer.begin()
    const read = codec.writeCall(writer, method, args)
    const frames = Buffer.from(writer.frames)
    const end = 4 + frames.readUInt32LE()
    const name = frames.subarray(4, end).toString()
    const message = RPC_TABLE.get(name)?.takes.message ?? 'Nothing'
    return { method: name, args: plainMessage(types.decode(message, frames.subarray(end + 4))), read }
  }

  it.each([
    ['kong.log', ['text'], 'kong.log.notice', { items: [{ text: 'text' }] }],
    ['kong.plugin.get_id', [], 'kong.nginx.get_ctx', { v: 'plugin_id' }],
    ['kong.request.get_start_time', [], 'kong.nginx.get_ctx', { v: 'KONG_PROCESSING_START' }],
    [
      'kong.response.set_header',
      ['x', ['a', 'b']],
      'kong.response.set_headers',
      { members: [{ key: 'x', value: { list: { items: [{ text: 'a' }, { text: 'b' }] } } }] },
    ],
    ['kong.response.set_header', ['x', []], 'kong.response.clear_header', { v: 'x' }],
    [
      'kong.service.request.set_header',
      ['__proto__', ['a']],
      'kong.service.request.set_headers',
      { members: [{ key: '__proto__', value: { list: { items: [{ text: 'a' }] } } }] },
    ],
    ['kong.request.get_headers', [], 'kong.request.get_headers', { v: 100 }],
    ['kong.request.get_query', [5], 'kong.request.get_query', { v: 5 }],
  ])('%s %j is sent as %s', (method, args, name, message) => {
    expect(sent(method, ...args)).toMatchObject({ method: name, args: message })
  })

  it('kong.request.get_raw_path is the path with query without its query', () => {
    const { method, read } = sent('kong.request.get_raw_path')
    expect([method, read(bytes('Text', { v: '/a%2Fb?c=d?e' }))]).toEqual(['kong.request.get_path_with_query', '/a%2Fb'])
  })

  it.each([
    ['bare', true],
    ['empty', ''],
    ['many', '1'],
    ['missing', undefined],
    ['__proto__', 'own'],
  ])('trap ?name without a value: the argument %s is %j, where Kong itself would answer the client with 500', (name, value) => {
    const { method, read } = sent('kong.request.get_query_arg', name)
    const members = [
      { key: 'bare', value: { flag: true } },
      { key: 'empty', value: { text: '' } },
      { key: 'many', value: { list: { items: [{ text: '1' }, { text: '2' }] } } },
      { key: '__proto__', value: { text: 'own' } },
    ]
    expect([method, read(bytes('Table', { members }))]).toEqual(['kong.request.get_query', value])
  })

  it('kong.response.error ends the request with JSON, or plain text where the headers say so', () => {
    const exit = (...args: readonly unknown[]): unknown => {
      const { method, args: message } = sent('kong.response.error', ...args)
      const { status, body } = message as { status: number; body: string }
      return [method, status, Buffer.from(body, 'base64').toString()]
    }
    expect(exit(404)).toEqual(['kong.response.exit', 404, '{"message":"Not Found"}'])
    expect(exit(403, 'say "no"')).toEqual(['kong.response.exit', 403, '{"message":"say \\"no\\""}'])
    expect(exit(500, 'plain', { 'Content-Type': 'text/plain' })).toEqual(['kong.response.exit', 500, 'plain'])
    expect(() => exit(500, 'x', { 'Content-Type': 'application/xml' })).toThrow(/Use kong\.response\.exit/)
    expect(() => exit(200)).toThrow(/from 400 to 599/)
  })

  function bytes(message: 'Text' | 'Table', value: object): Buffer {
    const writer = new FrameWriter()
    writer.begin()
    types.encode(message, value as never, writer)
    return Buffer.from(writer.frames)
  }
})
