import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeConfig } from '../src/index.js'

const configSchema = (field: object): object => ({ name: 'x', fields: [{ config: { type: 'record', fields: [{ f: field }] } }] })

const isRegex = (pattern: string): boolean =>
  completeConfig(configSchema({ type: 'string', is_regex: true, len_min: 0 }), { config: { f: pattern } }, { kongVersion: '3.9' })
    .status === 'completed'

const isFound = (pattern: string, text: string): boolean => {
  const schema = configSchema({ type: 'json', json_schema: { inline: { type: 'string', pattern } } })
  return completeConfig(schema, { config: { f: text } }, { kongVersion: '3.9' }).status === 'completed'
}

describe('is_regex', () => {
  it.each([
    '',
    '^/api/(v[0-9]+)$',
    'a{2}b{2,}c{2,3}',
    '{',
    'a{',
    'x{a}',
    '(?=a)(?!b)(?<=c)(?<!d)',
    '(?<=ab|c)d',
    '\\p{L}+\\pN\\P{Lu}',
    '(?i)abc',
    '(?<n>a)\\k<n>(?P=n)\\g{n}',
    '(?P<year>\\d{4})',
    '(a)\\1\\g{-1}',
    '(?>a+)b++c*?',
    '[]a][^]b]',
    '[[:alpha:][:^digit:]]',
    '[\\w-]',
    '(?#comment)a',
    '\\Qa(b\\E',
    '(?|(a)|(b))',
    '\\x41\\x{41}\\o{101}\\101\\cA',
    '(?R)?',
    '(a)(?1)',
    '(?(1)a|b)(c)',
    '(?J)(?<n>a)(?<n>b)',
    '(*UTF8)a',
    'a||b',
    'é',
  ])('accepts %j', (pattern) => {
    expect(isRegex(pattern)).toBe(true)
  })

  it.each([
    '(',
    ')',
    '[',
    '[]',
    '\\',
    '*a',
    'a**',
    '(|*)',
    '{2}a',
    'a{2,1}',
    'a{70000}',
    '[z-a]',
    '[\\d-z]',
    '[[:foo:]]',
    '[:alpha:]',
    '(?z)',
    '(?',
    '(?<n',
    '(?P<1a>b)',
    '(?<n>a)(?<n>b)',
    '\\1',
    '(a)\\2',
    '(?P=x)',
    '(?<=a*)b',
    '\\p{Foo}',
    '\\x{zz}',
    '\\i',
    '(*FOO)',
  ])('refuses %j', (pattern) => {
    expect(isRegex(pattern)).toBe(false)
  })

  it('accepts any text whose special characters are escaped, and never raises on any other', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        expect(isRegex(text.replaceAll(/[^\w\s]/g, '\\$&'))).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'()[]{}?*+|\\^$.:<>=!PQEabn1,-'), maxLength: 12 }), (pattern) => {
        expect([true, false]).toContain(isRegex(pattern))
        isFound(pattern, 'aab1')
      }),
      { numRuns: 500 },
    )
  })
})

describe('pattern of a JSON schema', () => {
  it.each([
    ['b', 'abc', true],
    ['^b', 'abc', false],
    ['a$', 'a\n', true],
    ['^..$', 'é', true],
    ['(?i)ABC', 'xabcx', true],
    ['^[^a-c]+$', 'def', true],
    ['^[\\W\\d]+$', '1-2', true],
    ['[[:digit:]]', 'a1', true],
    ['^\\d{3}-\\w+\\s$', '123-abc ', true],
    ['^(a|b)\\1$', 'aa', true],
    ['^(a|b)\\1$', 'ab', false],
    ['^\\Qa.b\\E$', 'a.b', true],
    ['^\\Qa.b\\E$', 'axb', false],
    ['(', '(', false],
  ])('%j on %j: %s', (pattern, text, found) => {
    expect(isFound(pattern, text)).toBe(found)
  })

  it('finds a text that is escaped in itself', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 10 }), fc.string({ maxLength: 10 }), (text, other) => {
        const escaped = text.replaceAll(/[^\w\s]/g, '\\$&')
        expect(isFound(escaped, other + text)).toBe(true)
        expect(isFound(`^${escaped}$`, other)).toBe(text === other || `${text}\n` === other)
      }),
    )
  })
})
