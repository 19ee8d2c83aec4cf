import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLuaPattern } from '../src/index.js'
import { createLuaPattern } from '../src/lua/lua-pattern.js'
import { toLuaText } from '../src/lua/lua-text.js'

const matches = (pattern: string, text: string): boolean => createLuaPattern(toLuaText(pattern))(toLuaText(text))

/** A Lua pattern and the regular expression that means the same on ASCII texts. */
interface Pair {
  readonly lua: string
  readonly js: string
}

const classes: Readonly<Record<string, string>> = {
  a: 'A-Za-z',
  c: '\\x00-\\x1f\\x7f',
  d: '0-9',
  g: '!-~',
  l: 'a-z',
  p: '!-\\/:-@\\[-`{-~',
  s: ' \\t-\\r',
  u: 'A-Z',
  w: '0-9A-Za-z',
  x: '0-9A-Fa-f',
}

const letters = fc.constantFrom('a', 'b', 'c', 'A', '7', ' ', '_')
const magic = fc.constantFrom(...'^$()%.[]*+-?')
const classLetter = fc.constantFrom(...Object.keys(classes))

const single: fc.Arbitrary<Pair> = fc.oneof(
  letters.map((letter) => ({ lua: letter, js: letter })),
  magic.map((sign) => ({ lua: `%${sign}`, js: `\\${sign}` })),
  fc.constant({ lua: '.', js: '[\\s\\S]' }),
  classLetter.map((letter) => ({ lua: `%${letter}`, js: `[${classes[letter]}]` })),
  classLetter.map((letter) => ({ lua: `%${letter.toUpperCase()}`, js: `[^${classes[letter]}]` })),
  fc
    .tuple(
      fc.boolean(),
      fc.array(
        fc.oneof(
          letters.map((l) => ({ lua: l, js: l })),
          classLetter.map((l) => ({ lua: `%${l}`, js: classes[l] ?? '' })),
          fc.constant({ lua: 'a-f', js: 'a-f' }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([negated, items]) => {
      const sign = negated ? '^' : ''
      return { lua: `[${sign}${items.map(({ lua }) => lua).join('')}]`, js: `[${sign}${items.map(({ js }) => js).join('')}]` }
    }),
)

const suffixed: fc.Arbitrary<Pair> = fc
  .tuple(single, fc.constantFrom(['', ''], ['*', '*'], ['+', '+'], ['-', '*?'], ['?', '?']))
  .map(([item, [lua = '', js = '']]) => ({ lua: item.lua + lua, js: item.js + js }))

const concat = (pairs: readonly Pair[]): Pair => ({ lua: pairs.map(({ lua }) => lua).join(''), js: pairs.map(({ js }) => js).join('') })

const sequence = fc.array(suffixed, { maxLength: 4 }).map(concat)

const pattern: fc.Arbitrary<Pair> = fc
  .tuple(fc.boolean(), sequence, fc.option(sequence), sequence, fc.boolean())
  .map(([start, before, group, after, end]) =>
    concat([
      start ? { lua: '^', js: '^' } : { lua: '', js: '' },
      before,
      group === null ? { lua: '', js: '' } : { lua: `(${group.lua})`, js: `(?:${group.js})` },
      after,
      end ? { lua: '$', js: '$' } : { lua: '', js: '' },
    ]),
  )

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'f', 'A', 'Z', '7', ' ', '_', '.', '%', '-', '\n', '('), maxLength: 12 })

describe('Lua patterns', () => {
  it('match what the same regular expression matches', () => {
    fc.assert(
      fc.property(pattern, text, ({ lua, js }, subject) => {
        expect(matches(lua, subject)).toBe(new RegExp(js).test(subject))
      }),
      { numRuns: 3000 },
    )
  })

  it('find balanced pairs as counting finds them', () => {
    const hasBalanced = (subject: string): boolean =>
      [...subject].some((sign, start) => {
        let depth = 0
        return (
          sign === '(' &&
          subject
            .slice(start)
            .split('')
            .some((each) => (depth += each === '(' ? 1 : each === ')' ? -1 : 0) === 0)
        )
      })
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('(', ')', 'x'), maxLength: 10 }), (subject) => {
        expect(matches('%b()', subject)).toBe(hasBalanced(subject))
      }),
    )
  })

  it('are unanchored, and know ^ and $ only at their ends', () => {
    expect(matches('b', 'abc')).toBe(true)
    expect(matches('^b', 'abc')).toBe(false)
    expect(matches('a^', 'a^')).toBe(true)
    expect(matches('$a', '$a')).toBe(true)
    expect(matches('a|b', 'a')).toBe(false)
    expect(matches('a{2}', 'aa')).toBe(false)
  })

  it('work on UTF-8 bytes', () => {
    expect(matches('^..$', 'é')).toBe(true)
    expect(matches('^.$', 'é')).toBe(false)
    expect(matches('^[é]+$', 'é')).toBe(true)
    expect(matches('%a', 'é')).toBe(false)
  })

  it('know back references, position captures and frontiers', () => {
    expect(matches('^(.+)-%1$', 'ab-ab')).toBe(true)
    expect(matches('^(.+)-%1$', 'ab-ba')).toBe(false)
    expect(matches('^()a()$', 'a')).toBe(true)
    expect(matches('%f[%w]foo%f[%W]', 'a foo b')).toBe(true)
    expect(matches('%f[%w]foo%f[%W]', 'afoo')).toBe(false)
    expect(matches('%f[%W]$', 'foo')).toBe(true)
  })

  it('raise on a malformed part only when a text gets that far', () => {
    expect(matches('^a[', 'b')).toBe(false)
    expect(() => matches('^a[', 'a')).toThrow("malformed pattern (missing ']')")
    expect(() => matches('%', 'a')).toThrow("malformed pattern (ends with '%')")
    expect(() => matches('(a', 'a')).toThrow('unfinished capture')
    expect(() => matches('a)', 'a')).toThrow('invalid pattern capture')
    expect(() => matches('%b(', 'a')).toThrow('unbalanced pattern')
    expect(() => matches('%fa', 'a')).toThrow("missing '[' after '%f' in pattern")
    expect(() => matches('%1', 'a')).toThrow('invalid capture index')
    expect(() => matches('(a%1)', 'a')).toThrow('invalid capture index')
    expect(() => matches('()'.repeat(33), 'a')).toThrow('too many captures')
    expect(() => matches('a?'.repeat(300), 'a'.repeat(300))).toThrow('pattern too complex')
  })
})

describe('checkLuaPattern', () => {
  const anyPattern = fc.string({ unit: fc.constantFrom(...'%[]()^$*+-?.ab1f0\0'), maxLength: 10 })

  it('passes only patterns that never raise, and names the fault of every one that does', () => {
    const raised = (source: string, subject: string): string | undefined => {
      try {
        matches(source, subject)
        return undefined
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    }
    fc.assert(
      fc.property(anyPattern, text, (source, subject) => {
        const error = raised(source, subject)
        if (error !== undefined) expect(checkLuaPattern(source), `${source} on ${subject}: ${error}`).toBeDefined()
      }),
      { numRuns: 5000 },
    )
  })

  it('passes what the generator of well-formed patterns makes', () => {
    fc.assert(
      fc.property(pattern, ({ lua }) => {
        expect(checkLuaPattern(lua)).toBeUndefined()
      }),
    )
  })

  it.each([
    ['%', "malformed pattern (ends with '%')"],
    ['[a', "malformed pattern (missing ']')"],
    ['[]', "malformed pattern (missing ']')"],
    ['[^]', "malformed pattern (missing ']')"],
    ['[%]', "malformed pattern (missing ']')"],
    ['(', 'unfinished capture'],
    [')', 'invalid pattern capture'],
    ['%b(', 'unbalanced pattern'],
    ['%f', "missing '[' after '%f' in pattern"],
    ['%0', 'invalid capture index'],
    ['()'.repeat(33), 'too many captures'],
  ])('says of %j: %s', (source, text) => {
    expect(checkLuaPattern(source)).toBe(text)
  })

  it.each(['', '^', '$', '[]]', '[^]]', '[%]]', '[a-]', '%%', '(a)%1', '()', '%b()', '%f[%a]', '^%d+$'])('passes %j', (source) => {
    expect(checkLuaPattern(source)).toBeUndefined()
  })
})
