import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNewerKong, NEWEST_KONG_VERSION } from '../src/index.js'
import { formatNumber } from '../src/lua/lua-number.js'
import { fromLuaText } from '../src/lua/lua-text.js'
import { encodeJson, LuaTable, parseVaultReference, toLuaText, type LuaKey, type LuaValue } from '../src/lua.js'

describe('%.<digits>g', () => {
  // What C's printf prints.
  it.each([
    [2 ** -24, 16, '5.960464477539062e-08'],
    [1700000000000000.5, 16, '1700000000000000'],
    [1700000000000001.5, 16, '1700000000000002'],
    [0.5, 1, '0.5'],
    [2.5, 1, '2'],
    [3.5, 1, '4'],
    [-2.5, 1, '-2'],
    [0.1, 16, '0.1'],
    [0.1, 17, '0.10000000000000001'],
    [1e15, 14, '1e+15'],
    [123456789012345, 14, '1.2345678901234e+14'],
    [123456789012355, 14, '1.2345678901236e+14'],
    [1e-5, 14, '1e-05'],
    [-0, 14, '-0'],
    [Infinity, 14, 'inf'],
  ])('%d with %d digits is %s', (value, digits, text) => expect(formatNumber(value, digits)).toBe(text))

  it('of 17 digits reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => Object.is(Number(formatNumber(value, 17)), value)),
    )
  })
})

describe('a Lua table', () => {
  it('holds what a map of its keys holds, however it is filled', () => {
    const key = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom('a', 'b'))
    const value = fc.option(fc.integer(), { nil: undefined })
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value)), (steps) => {
        const table = new LuaTable()
        const model = new Map<LuaKey, LuaValue>()
        for (const [at, to] of steps) {
          table.set(at, to)
          if (to === undefined) model.delete(at)
          else model.set(at, to)
        }
        expect(table.size).toBe(model.size)
        expect(new Map(table)).toEqual(new Map(model))
        expect(new Map(table.copy().entries())).toEqual(new Map(model))
        for (const [at, to] of model) expect(table.get(at)).toBe(to)
        const positions = [...model.keys()].filter((each) => typeof each === 'number' && each >= 1)
        expect(table.isSequence).toBe(model.size === positions.length && positions.every((each) => Number(each) <= model.size))
      }),
    )
  })
})

describe('Lua text', () => {
  it('has one character for each byte', () => {
    expect(toLuaText('é')).toBe('\u00c3\u00a9')
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fromLuaText(toLuaText(text)) === text))
  })
})

describe('cjson', () => {
  it('sorts keys and rounds to 14 digits when asked', () => {
    const table = LuaTable.record([
      ['b', 0.1 + 0.2],
      ['a', new LuaTable('array')],
    ])
    expect(encodeJson(table)).toBe('{"b":0.3,"a":[]}')
    expect(encodeJson(LuaTable.record([['n', 1 / 3]]))).toBe('{"n":0.3333333333333333}')
    expect(encodeJson(LuaTable.record([['n', 1 / 3]]), { digits: 14 })).toBe('{"n":0.33333333333333}')
    expect(encodeJson(table, { sortsKeys: true })).toBe('{"a":[],"b":0.3}')
  })
})

describe('a vault reference', () => {
  it('is taken apart', () => {
    expect(parseVaultReference('{vault://env/a%2520b/c?prefix=x#2}')).toEqual({
      name: 'env',
      resource: 'a b',
      key: 'c',
      query: 'prefix=x',
      version: 2,
    })
    expect(parseVaultReference('{vault://env}')).toBeUndefined()
  })
})

describe('versions of Kong', () => {
  it('are compared as numbers', () => {
    expect(isNewerKong('3.10', '3.9')).toBe(true)
    expect(isNewerKong('3.9.1', '3.10')).toBe(false)
    expect(isNewerKong(NEWEST_KONG_VERSION, '3.9.3')).toBe(true)
  })
})
