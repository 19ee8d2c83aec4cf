import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode } from '@msgpack/msgpack'
import { DEFAULT_LIMITS, ProtocolError } from '@kong-ts/runtime'
import { INCOMPLETE, MessageReader } from '../../src/protocol-msgpack/message-reader.js'
import { MessageScanner } from '../../src/protocol-msgpack/message-scanner.js'
import { MessageWriter } from '../../src/protocol-msgpack/message-writer.js'

/** What Kong can send: tables with any text as keys, numbers, text, bytes. */
const kongValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((number) => number + 0),
    fc.string({ unit: 'grapheme' }),
    fc.string({ minLength: 30, maxLength: 300 }),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 20 }),
  ),
})).value

function read(bytes: Uint8Array): unknown {
  const reader = new MessageReader(DEFAULT_LIMITS)
  reader.reset(Buffer.from(bytes), 0, bytes.length)
  return reader.readValue()
}

function write(value: unknown): Uint8Array {
  const writer = new MessageWriter()
  writer.begin()
  writer.value(value)
  return new Uint8Array(writer.bytes)
}

/** nil is `undefined` here and `null` in the library. */
function withNull(value: unknown): unknown {
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(withNull)
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withNull(member)]))
  }
  return value
}

describe('the buffer that is written into', () => {
  it.each([
    ['ASCII', 'x'],
    ['two bytes each', 'é'],
    ['three bytes each', '中'],
  ])('grows by what a long text needs, not by the most it could need: %s', (_what, character) => {
    const text = character.repeat(1_000_000)
    const writer = new MessageWriter()
    writer.begin()
    writer.value(text)
    const { length, buffer } = writer.bytes
    expect(read(writer.bytes)).toBe(text)
    expect(buffer.byteLength).toBeLessThan(length + 100)
  })
})

describe('reading MessagePack', () => {
  it('gives what was written, whatever it is', () => {
    fc.assert(fc.property(kongValue, (value) => void expect(withNull(read(encode(value)))).toEqual(value)))
  })

  it('finds the end of a message from any split into reads', () => {
    fc.assert(
      fc.property(kongValue, fc.nat(), (value, seed) => {
        const bytes = Buffer.from(encode([0, 1, 'm', [value]]))
        const scanner = new MessageScanner(DEFAULT_LIMITS)
        const cut = seed % bytes.length
        expect(scanner.scan(bytes.subarray(0, cut))).toBeUndefined()
        expect(scanner.scan(Buffer.concat([bytes, Buffer.of(0x90)]))).toBe(bytes.length)
      }),
    )
  })

  it('waits for more when bytes are missing, at every place', () => {
    const bytes = Buffer.from(encode({ a: [1, 'text', new Uint8Array(40), 1.5], b: 'x'.repeat(70_000) }))
    const reader = new MessageReader(DEFAULT_LIMITS)
    for (let end = 0; end < bytes.length; end += end < 100 ? 1 : 997) {
      reader.reset(bytes, 0, end)
      expect(() => reader.readValue()).toThrow(expect.toSatisfy((error: unknown) => error === INCOMPLETE))
    }
  })

  it('never fails in another way than by saying that the bytes are no message', () => {
    const reader = new MessageReader(DEFAULT_LIMITS)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        reader.reset(Buffer.from(bytes), 0, bytes.length)
        try {
          reader.readValue()
        } catch (error) {
          expect(error === INCOMPLETE || error instanceof ProtocolError).toBe(true)
        }
      }),
    )
  })

  it('trap __proto__: keys of objects are keys like any other, and pollute nothing', () => {
    const value = read(encode(JSON.parse('{"constructor":{"a":1},"toString":2}'))) as Record<string, unknown>
    expect(Object.entries(value)).toEqual([
      ['constructor', { a: 1 }],
      ['toString', 2],
    ])
    // The library cannot write such a key from an object literal, so the bytes are written out.
    const polluted = read(Buffer.concat([Buffer.of(0x81, 0xa9), Buffer.from('__proto__'), Buffer.of(0x91, 0xa1, 0x31)])) as Record<
      string,
      unknown
    >
    expect(Object.keys(polluted)).toEqual(['__proto__'])
    expect(polluted['__proto__']).toEqual(['1'])
    expect(({} as Record<string, unknown>)['0']).toBeUndefined()
  })

  it('keeps the last of two equal keys, as Lua does', () => {
    expect(read(Buffer.of(0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2))).toEqual({ a: 2 })
  })

  it('trap nil holes: a table with number keys keeps them', () => {
    expect(read(Buffer.of(0x82, 1, 0xa1, 0x61, 3, 0xa1, 0x62))).toEqual({ 1: 'a', 3: 'b' })
  })

  it('takes extension types as nil', () => {
    expect(read(Buffer.of(0x92, 0xd6, 0xff, 0, 0, 0, 1, 0xc3))).toEqual([undefined, true])
  })

  it('does not confuse a byte beyond ASCII in a key with the character of that number', () => {
    const reader = new MessageReader(DEFAULT_LIMITS)
    const keyOf = (...bytes: number[]) => {
      const message = Buffer.of(0x81, 0xa0 | bytes.length, ...bytes, 1)
      reader.reset(message, 0, message.length)
      return Object.keys(reader.readValue() as object)[0]
    }
    expect(keyOf(0xc3, 0xa9)).toBe('é')
    expect(keyOf(0xe9)).toBe('\udce9')
    expect(keyOf(0xe9)).toBe('\udce9')
  })
})

describe('writing MessagePack', () => {
  it('says to Kong what was meant, whatever it is', () => {
    fc.assert(fc.property(kongValue, (value) => void expect(decode(write(value))).toEqual(value)))
  })

  it('writes maps, sets and dates as Kong can read them, and leaves out what has no value', () => {
    expect(decode(write({ map: new Map([['a', 1]]), set: new Set([1]), none: undefined, at: new Date(0) }))).toEqual({
      map: { a: 1 },
      set: [1],
      at: '1970-01-01T00:00:00.000Z',
    })
  })

  it('refuses what cannot be sent, and tables that contain themselves', () => {
    const circle: unknown[] = []
    circle.push(circle)
    expect(() => write(circle)).toThrow(/contains itself/)
    expect(() => write([() => 1])).toThrow(/function cannot be sent/)
  })

  it.each([
    ['a promise that nobody awaited', Promise.resolve('x'), /class Promise cannot be sent/],
    ['numbers in an array of their own type', Float64Array.of(1), /class Float64Array cannot be sent/],
    ['a view of bytes that is no Uint8Array', new DataView(new ArrayBuffer(4)), /class DataView cannot be sent/],
    ['memory', new ArrayBuffer(4), /class ArrayBuffer cannot be sent/],
  ])('refuses what would arrive as an empty table or a strange one: %s', (_what, value, message) => {
    expect(() => write(value)).toThrow(message)
    expect(() => write({ inside: [value] })).toThrow(message)
  })
})

describe('trap text that is not UTF-8', () => {
  it('goes to the plugin and back to Kong without losing a byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const header = bytes.length < 32 ? [0xa0 | bytes.length] : [0xda, 0, bytes.length]
        const text = read(Buffer.concat([Buffer.from(header), bytes]))
        expect(typeof text).toBe('string')
        const back = decode(write(text))
        expect(Buffer.from(typeof back === 'string' ? Buffer.from(back) : (back as Uint8Array))).toEqual(Buffer.from(bytes))
      }),
    )
  })
})
