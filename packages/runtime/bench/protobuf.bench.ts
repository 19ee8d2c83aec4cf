import { bench, describe } from 'vitest'
import { FrameWriter } from '../src/protocol-protobuf/frame-writer.js'
import { readEventCommand } from '../src/protocol-protobuf/protobuf-connection.js'
import { MessageCodec } from '../src/protocol-protobuf/message-codec.js'
import { PdkCodec } from '../src/protocol-protobuf/pdk-codec.js'
import { RPC_TABLE } from '../src/protocol-protobuf/rpc-table.js'
import type { MessageName, Messages } from '../src/protocol-protobuf/message-definitions.js'

const types = new MessageCodec()
const codec = new PdkCodec(types)
const writer = new FrameWriter()

function bytesOf<Name extends MessageName>(name: Name, message: Messages[Name]): Buffer {
  const own = new FrameWriter()
  own.begin()
  types.encode(name, message, own)
  return Buffer.from(own.frames)
}

describe('writing a ProtoBuf:1 call', () => {
  const calls: readonly (readonly [string, string, readonly unknown[]])[] = [
    ['without an argument', 'kong.client.get_ip', []],
    ['with a name', 'kong.request.get_header', ['content-type']],
    ['with a header', 'kong.response.set_header', ['x-hello', 'hello shop.example.net']],
    ['with three headers', 'kong.response.set_headers', [{ a: 'one', b: ['two', 'three'], c: 'four' }]],
    ['with a table', 'kong.ctx.shared.set', ['k', { user: { id: 4711, tags: ['a', 'b'], admin: true }, since: 1.5 }]],
    [
      'exit with a body',
      'kong.response.exit',
      [429, '{"message":"slow down, please, there are others"}', { 'Content-Type': 'application/json' }],
    ],
    ['with a body of 64 KiB', 'kong.service.request.set_raw_body', [new Uint8Array(65_536)]],
  ]
  for (const [name, method, args] of calls) {
    bench(name, () => {
      writer.begin()
      codec.writeCall(writer, method, args)
    })
  }
})

const HEADERS = {
  host: 'shop.example.net',
  'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  accept: 'application/json',
  'accept-language': 'de-DE,de;q=0.9,en;q=0.7',
  'accept-encoding': 'gzip, br',
  authorization: 'Bearer 4f1c0f7e9b2d4a6c8e0a1b3c5d7e9f10.b64a1e2d3c4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  'content-type': 'application/json',
  'content-length': '412',
  'x-request-id': '018f6a2e-7c1b-7d3a-9e55-3b1f0c2d4e6f',
  'x-forwarded-for': '198.51.100.23, 203.0.113.9',
  cookie: 'basket=81723; lang=de; consent=1',
  connection: 'keep-alive',
}

describe('reading a ProtoBuf:1 answer', () => {
  const answers: readonly (readonly [string, string, Buffer])[] = [
    ['a short text', 'kong.request.get_header', bytesOf('Text', { v: 'shop.example.net' })],
    ['a number', 'kong.response.get_status', bytesOf('Whole', { v: 200 })],
    [
      '12 headers',
      'kong.request.get_headers',
      bytesOf('Table', { members: Object.entries(HEADERS).map(([key, text]) => ({ key, value: { text } })) }),
    ],
    [
      'a table',
      'kong.ctx.shared.get',
      bytesOf('Value', {
        table: {
          members: [
            { key: 'id', value: { number: 4711 } },
            { key: 'name', value: { text: 'bob' } },
            { key: 'tags', value: { list: { items: [{ text: 'a' }, { text: 'b' }, { flag: true }] } } },
          ],
        },
      }),
    ],
    [
      'a route',
      'kong.router.get_route',
      bytesOf('Route', {
        id: '018f6a2e-7c1b-7d3a-9e55-3b1f0c2d4e6f',
        created_at: 1_700_000_000,
        updated_at: 1_700_000_001,
        name: 'shop',
        protocols: ['http', 'https'],
        methods: [],
        hosts: ['shop.example.net'],
        paths: ['/a', '/b'],
        snis: [],
        strip_path: true,
        preserve_host: false,
        tags: ['x'],
        service: { id: '018f6a2e-7c1b-7d3a-9e55-3b1f0c2d4e6f' },
      }),
    ],
    ['a body of 64 KiB', 'kong.request.get_raw_body', bytesOf('RequestBody', { content: new Uint8Array(65_536) })],
  ]
  for (const [name, method, bytes] of answers) {
    const shape = RPC_TABLE.get(method)?.gives
    if (shape === undefined) throw new Error(method)
    bench(name, () => {
      shape.read(types, bytes)
    })
  }
  const command = bytesOf('Command', { sequence: 4711, handle_event: { instance_id: 7, event_name: 'access' } })
  bench('a command to handle an event', () => {
    types.read('Command', command, readEventCommand)
  })
})

describe('ending a ProtoBuf:1 event', () => {
  bench('Done', () => {
    writer.begin()
    types.encode('Done', { sequence: 4711 }, writer)
  })
})
