import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeJson, encodeJson, LuaTable, type LuaValue, spreadArguments, toLuaText } from '@kong-ts/schema/lua'

type Plain = boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

const plain = fc.letrec<{ value: Plain; list: readonly Plain[]; record: { readonly [key: string]: Plain } }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.boolean(), fc.integer(), fc.string({ unit: 'grapheme' }), tie('list'), tie('record')),
  list: fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
  record: fc.dictionary(
    fc.string({ minLength: 1, unit: 'grapheme' }).filter((key) => !/^\d+$/.test(key)),
    tie('value'),
    { minKeys: 1, maxKeys: 4 },
  ),
}))

function toLua(value: Plain): LuaValue {
  if (typeof value === 'string') return toLuaText(value)
  if (typeof value !== 'object') return value
  if (isList(value)) return LuaTable.list(value.map(toLua))
  return LuaTable.record(Object.entries(value).map(([key, member]) => [toLuaText(key), toLua(member)] as const))
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}

describe("JSON of Kong's", () => {
  it('means to everyone what Kong meant', () => {
    fc.assert(
      fc.property(plain.record, (value) => {
        const text = encodeJson(LuaTable.record(Object.entries(value).map(([key, member]) => [toLuaText(key), toLua(member)] as const)))
        expect(JSON.parse(Buffer.from(text, 'latin1').toString('utf8'))).toEqual(value)
      }),
    )
  })

  it('is read as it was written', () => {
    fc.assert(
      fc.property(plain.record, (value) => {
        const text = toLuaText(JSON.stringify(value))
        const decoded = decodeJson(text)?.value
        expect(decoded).toBeInstanceOf(LuaTable)
        if (decoded instanceof LuaTable) expect(JSON.parse(Buffer.from(encodeJson(decoded), 'latin1').toString('utf8'))).toEqual(value)
      }),
    )
  })

  it.each(['', '{', '[1,]', '{"a"}', '01x', '"\\x"', '"\\ud800"', 'nul', '[1] 2', '.5', '1e', '"\0"', '1\0', '--1'])(
    'is not %s',
    (text) => {
      expect(decodeJson(text)).toBeUndefined()
    },
  )

  it.each([
    ['0x1F', 31],
    ['-inf', -Infinity],
    [' [ ] ', []],
    ['1e2', 100],
    ['+1', 1],
    ['-.5', -0.5],
    ['0x1p4', 16],
    ['12\0 x', 12],
  ])('is %s all the same', (text, value) => {
    const decoded = decodeJson(text)?.value
    expect(decoded instanceof LuaTable ? decoded.asArray() : decoded).toEqual(value)
  })

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('is read 1000 levels of %s deep, no further', (open, close) => {
    const nested = (levels: number): string => `${open.repeat(levels - 1)}[1]${close.repeat(levels - 1)}`
    const decoded = decodeJson(nested(1000))
    expect(decoded && encodeJson(decoded.value)).toBe(nested(1000))
    expect(decodeJson(nested(1001))).toBeUndefined()
    expect(() => encodeJson(LuaTable.list([decoded?.value]))).toThrow()
  })
})

describe('an argument list', () => {
  const item = fc.oneof(fc.constant(undefined), fc.constant('x'))

  it('without a hole arrives whole', () => {
    fc.assert(
      fc.property(fc.array(fc.constant('x'), { maxLength: 60 }), (list) => {
        expect(spreadArguments(list)).toEqual(list)
      }),
    )
  })

  it('with holes is cut somewhere, never after a nil', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), (list) => {
        const spread = spreadArguments(list)
        expect(list.slice(0, spread.length)).toEqual(spread)
        if (spread.length > 0) expect(spread.at(-1)).toBe('x')
        expect(list[spread.length]).toBeUndefined()
      }),
    )
  })

  it.each([
    ['x-', 1],
    ['-x', 2],
    ['x-x', 1],
    ['xx-x', 4],
    ['-xx', 3],
    ['x--x', 4],
    ['xxx-x', 3],
    ['x-xx', 4],
    ['x---x', 1],
  ])('%s (- is nil) has %i left in LuaJIT', (picture, length) => {
    expect(spreadArguments([...picture].map((char) => (char === 'x' ? 'x' : undefined)))).toHaveLength(length)
  })
})
