import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameWriter } from '../../src/protocol-protobuf/frame-writer.js'
import { unwrapValue, wrapTable, wrapValue, type Refuse } from '../../src/protocol-protobuf/value-message.js'
import { MessageCodec } from '../../src/protocol-protobuf/message-codec.js'
import { PdkCodec } from '../../src/protocol-protobuf/pdk-codec.js'
import { decodeText } from '../../src/wire/text-codec.js'
import { RPC_TABLE } from '../../src/protocol-protobuf/rpc-table.js'
import { plainMessage } from './plain-message.js'

const types = new MessageCodec()
const codec = new PdkCodec(types)
const refuse: Refuse = (argument, rule) => {
  throw new TypeError(`${argument} ${rule}`)
}

/** What Kong can keep: everything but false and nil. */
const luaValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(true),
    fc.double({ noNaN: true }),
    fc.string({ unit: 'grapheme' }).filter((text) => text !== 'NULL_VALUE'),
    fc.string({ minLength: 100, maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), { maxKeys: 5 }),
  ),
})).value

function throughBytes(value: unknown): unknown {
  const writer = new FrameWriter()
  writer.begin()
  types.encode('Value', wrapValue(value, 'value', refuse), writer)
  return unwrapValue(types.decode('Value', Buffer.from(writer.frames)))
}

/** Own members alone: tables of Kong have no prototype. */
function members(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(members)
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value).map(([key, member]) => [key, members(member)])) : value
}

describe('a Lua value', () => {
  it('comes back as it went', () => {
    fc.assert(fc.property(luaValue, (value) => void expect(members(throughBytes(value))).toEqual(members(value))))
  })

  it('keeps every byte of text that is not UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = throughBytes(bytes)
        const again = new FrameWriter()
        again.begin()
        types.encode('Value', wrapValue(text, 'value', refuse), again)
        expect(Buffer.from(again.frames).subarray(2)).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('trap "NULL_VALUE": nil of any number, and what Kong makes of a null, are nothing', () => {
    expect(unwrapValue(types.decode('Value', Buffer.of(0x08, 0x01)))).toBeUndefined()
    expect(unwrapValue(types.decode('Value', Buffer.of(0x08, 0x00)))).toBeUndefined()
    expect(throughBytes({ kept: 1, gone: 'NULL_VALUE', list: [1, 'NULL_VALUE', 2] })).toEqual({ kept: 1, list: [1, undefined, 2] })
    // Kong would make a text of a null, and drops a value that has no kind.
    expect(wrapValue({ a: null, b: undefined, c: [null] }, 'value', refuse)).toEqual({
      table: { members: [{ key: 'c', value: { list: { items: [{}] } } }] },
    })
  })

  it('trap false: what Kong would read as nil is refused', () => {
    expect(() => wrapValue(false, 'value', refuse)).toThrow(/no false over ProtoBuf:1/)
    expect(() => wrapValue({ deep: [false] }, 'value', refuse)).toThrow(/no false over ProtoBuf:1/)
  })

  it.each([
    [() => 1],
    [Symbol('s')],
    [Promise.resolve('x')],
    [Float64Array.of(1)],
    [new DataView(new ArrayBuffer(4))],
    [new ArrayBuffer(4)],
  ])('that is %s is refused', (value) => {
    expect(() => wrapValue(value, 'value', refuse)).toThrow(/strings, numbers/)
  })

  it('that contains itself is refused', () => {
    const circle: unknown[] = []
    circle.push(circle)
    expect(() => wrapValue(circle, 'value', refuse)).toThrow(/must not contain itself/)
  })

  it('may be a Map, a Set, a Date or a big integer', () => {
    expect(
      throughBytes(
        new Map<unknown, unknown>([
          ['a', new Set([1, 2n])],
          ['d', new Date(0)],
        ]),
      ),
    ).toEqual({ a: [1, 2], d: '1970-01-01T00:00:00.000Z' })
  })
})

describe('arguments', () => {
  function argumentsOf(method: string, ...args: readonly unknown[]): unknown {
    const writer = new FrameWriter()
    writer.begin()
    codec.writeCall(writer, method, args)
    const frames = Buffer.from(writer.frames)
    const start = 4 + frames.readUInt32LE()
    return plainMessage(types.decode(RPC_TABLE.get(method)?.takes.message ?? 'Nothing', frames.subarray(start + 4)))
  }

  it.each(['kong.response.exit', 'kong.service.request.set_raw_body'])(
    'trap text that is not UTF-8: a body of it is the same bytes, %s',
    (method) => {
      const body = decodeText(Buffer.of(0x61, 0xff, 0xc3), 0, 3)
      const args = method === 'kong.response.exit' ? [200, body] : [body]
      expect(argumentsOf(method, ...args)).toMatchObject({
        [method === 'kong.response.exit' ? 'body' : 'v']: Buffer.of(0x61, 0xff, 0xc3).toString('base64'),
      })
    },
  )

  it.each([
    ['kong.response.set_header', ['x', false], { k: 'x', v: { text: 'false' } }],
    [
      'kong.response.set_headers',
      [{ a: true, b: undefined, c: ['1'] }],
      {
        members: [
          { key: 'a', value: { text: 'true' } },
          { key: 'c', value: { list: { items: [{ text: '1' }] } } },
        ],
      },
    ],
    [
      'kong.service.request.set_query',
      [{ a: true, b: false, c: ['1', false, true] }],
      {
        members: [
          { key: 'a', value: { flag: true } },
          { key: 'c', value: { list: { items: [{ text: '1' }, { flag: true }] } } },
        ],
      },
    ],
    ['kong.log.err', ['text', 1, false, undefined], { items: [{ text: 'text' }, { number: 1 }, { text: 'false' }, { text: 'nil' }] }],
    ['kong.client.load_consumer', ['bob', true], { id: 'bob', by_username: true }],
    ['kong.client.get_protocol', [], { v: false }],
    [
      'kong.client.authenticate',
      [undefined, { id: 'c', consumer: { id: 'u' }, key: 'dropped by Kong' }],
      { credential: { id: 'c', consumer_id: 'u' } },
    ],
    ['kong.client.authenticate', [{ id: 'u', username: 'bob', tags: ['t'] }], { consumer: { id: 'u', username: 'bob', tags: ['t'] } }],
    ['kong.service.set_target', ['h', 80], { host: 'h', port: 80 }],
    [
      'kong.response.exit',
      [204, undefined, { a: 'b' }, false, false],
      { status: 204, headers: { members: [{ key: 'a', value: { text: 'b' } }] } },
    ],
    ['kong.ctx.shared.set', ['k'], { k: 'k', v: {} }],
  ])('of %s %j', (method, args, message) => {
    expect(argumentsOf(method, ...args)).toEqual(message)
  })

  it.each([
    ['kong.nginx.get_var', [1], /name must be a string over ProtoBuf:1/],
    ['kong.ctx.shared.set', [1, 'x'], /k must be a string over ProtoBuf:1/],
    ['kong.response.set_status', [2 ** 40], /status must be a whole number of 32 bits/],
    ['kong.response.exit', [200, { a: 1 }], /body must be text or bytes over ProtoBuf:1/],
    ['kong.log.set_serialize_value', ['k', 1, { mode: 'add' }], /options must have the mode set over ProtoBuf:1/],
    ['kong.node.get_memory_stats', ['m'], /convert the bytes/],
  ])('of %s %j are refused', (method, args, message) => {
    expect(() => argumentsOf(method, ...args)).toThrow(message)
  })
})

describe('results', () => {
  const read = (method: string, ...bytes: readonly number[]): unknown => RPC_TABLE.get(method)?.gives.read(types, Buffer.from(bytes))

  it('tell nil and zero values apart where Kong does: a nil is an empty message', () => {
    expect([read('kong.request.get_header'), read('kong.request.get_header', 0x0a, 0)]).toEqual([undefined, ''])
    expect([read('kong.service.response.get_status'), read('kong.service.response.get_status', 0x08, 0)]).toEqual([undefined, 0])
    expect([read('kong.service.set_upstream'), read('kong.service.set_upstream', 0x08, 0)]).toEqual([undefined, false])
  })

  it('are zero values where the function never gives nil, and a Kong leaves them out', () => {
    expect([read('kong.request.get_raw_query'), read('kong.ip.is_trusted'), read('kong.response.get_status')]).toEqual(['', false, 0])
    expect([read('kong.request.get_headers'), read('kong.request.get_uri_captures')]).toEqual([{}, { unnamed: [], named: {} }])
  })

  it('of headers and queries are what the general decoder finds, in arrays', () => {
    const single = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 130, maxLength: 200 }))
    const value = fc.oneof(single, fc.constant(true), fc.array(fc.oneof(single, fc.constant(true)), { minLength: 1, maxLength: 4 }))
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('__proto__')), value, { maxKeys: 8 }), (sent) => {
        const writer = new FrameWriter()
        writer.begin()
        types.encode('Table', wrapTable(sent, 'value', refuse), writer)
        const expected = Object.entries(sent).map(([name, values]) => [
          name,
          Array.isArray(values) ? values : values === true ? [] : [values],
        ])
        expect(members(read('kong.request.get_query', ...writer.frames))).toEqual(new Map(expected as [string, unknown][]))
      }),
    )
  })

  it("of headers are the client's text, even where it looks like a null", () => {
    const bytes = Buffer.concat([Buffer.of(0x0a, 17, 0x0a, 1, 0x78, 0x12, 12, 0x1a, 10), Buffer.from('NULL_VALUE')])
    expect(read('kong.request.get_headers', ...bytes)).toEqual({ x: ['NULL_VALUE'] })
  })

  it('that are no such message are an error of that call', () => {
    expect(() => read('kong.request.get_header', 0x0a, 0xff, 0xff, 0xff, 0x7f)).toThrow(expect.objectContaining({ code: 'ERR_PROTOCOL' }))
    expect(() =>
      read('kong.ctx.shared.get', ...Buffer.concat(Array.from({ length: 200 }, () => Buffer.of(0x32, 0x7e, 0x0a, 0x7c)))),
    ).toThrow(expect.objectContaining({ code: 'ERR_PROTOCOL' }))
  })
})
