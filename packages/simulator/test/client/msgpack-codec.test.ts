import { decode as decodeReference, encode as encodeReference } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LuaTable } from '@kong-ts/schema/lua'
import { decodeMsgpack, MsgpackArray, toLuaValue } from '../../src/client/msgpack/msgpack-decoder.js'
import { encodeMsgpack } from '../../src/client/msgpack/msgpack-encoder.js'
import { MsgpackScanner } from '../../src/client/msgpack/msgpack-scanner.js'

const encoded = (value: unknown): Buffer => Buffer.from(encodeReference(value))

describe('encoding as Kong does', () => {
  it('sends text as str of 5, 16 or 32 bits, never str8', () => {
    expect(encodeMsgpack('x'.repeat(31))[0]).toBe(0xbf)
    expect(encodeMsgpack('x'.repeat(32)).subarray(0, 3)).toEqual(Buffer.of(0xda, 0, 32))
    expect(encodeMsgpack('x'.repeat(70_000))[0]).toBe(0xdb)
  })

  it('sends bodies as bin and bytes that are no UTF-8 as str', () => {
    expect(encodeMsgpack(Uint8Array.of(255, 0))).toEqual(Buffer.of(0xc4, 2, 255, 0))
    expect(encodeMsgpack('\xff')).toEqual(Buffer.of(0xa1, 0xff))
  })

  it('sends an empty table as an empty array, one with holes as a map with whole keys', () => {
    expect(encodeMsgpack(new LuaTable())).toEqual(Buffer.of(0x90))
    expect(encodeMsgpack(LuaTable.list([1, undefined, 3]))).toEqual(Buffer.of(0x82, 1, 1, 3, 3))
  })

  it('sends whole numbers below 2^53-1 as integers and the rest as float64', () => {
    expect(decodeReference(encodeMsgpack(2 ** 53 - 2))).toBe(2 ** 53 - 2)
    expect(encodeMsgpack(2 ** 53 - 2)[0]).toBe(0xcf)
    expect(encodeMsgpack(2 ** 53 - 1)[0]).toBe(0xcb)
    expect(encodeMsgpack(1.5)[0]).toBe(0xcb)
  })

  it('is read back by another implementation', () => {
    const value = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.stringMatching(/^[ -~]{0,40}$/), fc.maxSafeInteger())
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (items) => {
        expect(decodeReference(encodeMsgpack(LuaTable.list(items)))).toEqual(items.map((item) => (Object.is(item, -0) ? 0 : item)))
      }),
    )
  })
})

describe('decoding as Kong does', () => {
  it('takes str8 and bin as text, any extension as nil', () => {
    expect(decodeMsgpack(Buffer.of(0xd9, 2, 0x61, 0xff))).toBe('a\xff')
    expect(decodeMsgpack(Buffer.of(0xc4, 1, 0x62))).toBe('b')
    expect(decodeMsgpack(Buffer.of(0xd6, 0xff, 0, 0, 0, 1))).toBeUndefined()
  })

  it('keeps nil items of an array in place and drops nil members of a map', () => {
    const array = decodeMsgpack(encoded(['a', null, 'c']))
    expect(array).toBeInstanceOf(MsgpackArray)
    expect(array instanceof MsgpackArray && array.items).toEqual(['a', undefined, 'c'])
    const map = toLuaValue(decodeMsgpack(encoded({ gone: null, __proto__x: 1 })))
    expect(map instanceof LuaTable && [...map]).toEqual([['__proto__x', 1]])
  })

  it('takes a key named __proto__ as data', () => {
    const bytes = Buffer.concat([Buffer.of(0x81), encoded('__proto__'), encoded('polluted')])
    const map = toLuaValue(decodeMsgpack(bytes))
    expect(map instanceof LuaTable && map.get('__proto__')).toBe('polluted')
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it('refuses nesting that would exhaust the stack', () => {
    const deep = Buffer.concat([Buffer.alloc(100_000, 0x91), Buffer.of(0)])
    expect(() => decodeMsgpack(deep)).toThrow('stack')
  })
})

describe('finding the end of a message', () => {
  it('finds it however the bytes are split', () => {
    fc.assert(
      fc.property(
        fc.anything({ values: [fc.integer(), fc.string(), fc.boolean(), fc.uint8Array()], withNullPrototype: false, maxDepth: 3 }),
        fc.integer({ min: 1, max: 5 }),
        (value, step) => {
          const message = encoded(value ?? null)
          const stream = Buffer.concat([message, Buffer.from('rest')])
          const scanner = new MsgpackScanner()
          for (let length = 1; length < message.length; length += step) expect(scanner.scan(stream.subarray(0, length))).toBeUndefined()
          expect(scanner.scan(stream)).toBe(message.length)
        },
      ),
    )
  })

  it('raises on a byte that begins no value', () => {
    expect(() => new MsgpackScanner().scan(Buffer.of(0xc1))).toThrow('unimplemented')
  })
})
