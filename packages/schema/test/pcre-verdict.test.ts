import { describe, expect, it } from 'vitest'
import { checkSchema, completeConfig, type ConfigOutcome } from '../src/index.js'
import { toLuaText } from '../src/lua/lua-text.js'
import { judgePcrePattern } from '../src/pcre/pcre-pattern.js'

const judge = (pattern: string, isPcre2 = true): string => judgePcrePattern(toLuaText(pattern), isPcre2)

const complete = (field: object, value: unknown, kongVersion = '3.9'): ConfigOutcome =>
  completeConfig({ name: 'x', fields: [{ config: { type: 'record', fields: [{ f: field }] } }] }, { config: { f: value } }, { kongVersion })

// PCRE2 10.42 itself gave these answers.
describe('a pattern that PCRE2 takes', () => {
  it.each(['\\p{Runic}+', '\\p{Adlam}', '\\p{Script=Greek}', '\\p{sc:Greek}', '\\p{ greek }', '\\p{Cased}', '\\p{ASCII}', '\\p{L&}'])(
    'with a property is valid: %s',
    (pattern) => expect(judge(pattern)).toBe('valid'),
  )

  it.each([
    '(*UTF)\\x{1F600}',
    '(*UTF)[α-ω]',
    'a\\E+',
    'a\\Q\\E+',
    'a(?#c)*',
    '(?x)a +',
    '(?|(a)|(b))\\1',
    '(?=a)*',
    '(?^)a',
    '(?n:(a))',
    '[A-\\]]',
  ])('is valid: %s', (pattern) => expect(judge(pattern)).toBe('valid'))

  it.each([
    '(?*a)b',
    '(?<*a)b',
    '(*napla:a)b',
    '(*pla:a)b',
    '(?C"x")a',
    '(?<=a?)b',
    'a{,3}',
    '\\x{ 41 }',
    '(?aD)a',
    '(?xx)a',
    '(?(VERSION>=10.4)a|b)',
    '(*ACCEPT)+',
    '[\\g1]',
    '(a)(b)(c)\\10',
    '(?|(?<n>a)|(?<n>b))',
    '(?<abcdefghijklmnopqrstuvwxyzabcdefg>b)',
    '(?<=(*ACCEPT)a)b',
    '\\p{bidiclass:L}',
    '\\p{Kawi}',
    '((a{1000}){60000})',
  ])('or a version of it may take is unknown: %s', (pattern) => expect(judge(pattern)).toBe('unknown'))
})

describe('a pattern that PCRE2 refuses', () => {
  it.each([
    '$*',
    '^*',
    '\\b+',
    '\\A* \\z?',
    '\\K*',
    '(*F)+',
    '(?i)*',
    '(?#a)*',
    '\\Q\\E+',
    '(?|(a)|(b))\\2',
    '(?|(a)|(b))(c)\\3',
    '(?n)(a)\\1',
    '(?C256)',
    '(?+0)',
    '(?^-i)',
    '(?(1)a|b|c)(x)',
    '\\p{Lx}',
    '\\p{script=Foo}',
    '\\x{100}',
    '(*UTF)\\x{110000}',
    'a(*UTF)',
  ])('is invalid: %s', (pattern) => expect(judge(pattern)).toBe('invalid'))
})

describe('before PCRE2', () => {
  it.each(['(', 'a**', '$*', '[z-a]', '\\1', '(?<n>a)(?<n>b)'])('what every PCRE refuses is invalid: %s', (pattern) =>
    expect(judge(pattern, false)).toBe('invalid'),
  )

  it.each(['\\p{L}+', '\\p{Runic}', '(?<n>a)\\k<n>', '(*UTF)\\x{1F600}'])('what every PCRE takes is valid: %s', (pattern) =>
    expect(judge(pattern, false)).toBe('valid'),
  )

  it.each(['\\i', '\\p{Script=Greek}', '\\p{Foo}', '[\\d-z]', '(?^)a', '(?n)a'])('what differs is unknown: %s', (pattern) =>
    expect(judge(pattern, false)).toBe('unknown'),
  )
})

describe('what is unknown', () => {
  it('never refuses, and is listed with its path', () => {
    const regexes = { type: 'array', elements: { type: 'string', is_regex: true } }
    expect(complete(regexes, ['a+', '(?*é)b'])).toMatchObject({
      status: 'completed',
      config: { f: ['a+', '(?*é)b'] },
      unknown: [{ path: 'config.f[2]', text: "whether Kong's PCRE takes the regular expression (?*é)b" }],
    })
    expect(complete(regexes, ['a+'])).toMatchObject({ status: 'completed', unknown: [] })
  })

  it('does not hide what Kong refuses', () => {
    expect(complete({ type: 'string', is_regex: true, len_max: 3 }, '(?*a)b')).toMatchObject({
      status: 'refused',
      problems: [{ path: 'config.f', text: 'length must be at most 3' }],
    })
  })

  it('depends on the version of Kong', () => {
    expect(complete({ type: 'string', is_regex: true }, '\\i', '3.9')).toMatchObject({ status: 'refused' })
    expect(complete({ type: 'string', is_regex: true }, '\\i', '3.4')).toMatchObject({
      status: 'completed',
      unknown: [{ path: 'config.f' }],
    })
  })

  it('lets an entity check pass whose condition it is', () => {
    const schema = {
      name: 'x',
      fields: [
        {
          config: {
            type: 'record',
            fields: [{ a: { type: 'string' } }, { b: { type: 'string' } }],
            entity_checks: [
              { conditional: { if_field: 'a', if_match: { is_regex: true }, then_field: 'b', then_match: { required: true } } },
            ],
          },
        },
      ],
    }
    expect(completeConfig(schema, { config: { a: 'x+' } }, { kongVersion: '3.9' }).status).toBe('refused')
    expect(completeConfig(schema, { config: { a: '(?*a)b' } }, { kongVersion: '3.9' })).toMatchObject({
      status: 'completed',
      unknown: [{ path: 'config' }],
    })
  })

  it('of a JSON schema leaves the whole value undecided', () => {
    const json = (inline: object): object => ({ type: 'json', json_schema: { inline } })
    const recursive = { type: 'string', pattern: '^(a(?1)?b)$' }
    expect(complete(json(recursive), 'aabb')).toMatchObject({ status: 'completed', unknown: [{ path: 'config.f' }] })
    expect(complete(json({ not: recursive }), 'aabb')).toMatchObject({ status: 'completed', unknown: [{ path: 'config.f' }] })
  })

  it('of a default is a warning of the schema', () => {
    const field = { type: 'string', is_regex: true, default: '(?*a)b' }
    const schema = { name: 'x', fields: [{ config: { type: 'record', fields: [{ f: field }] } }] }
    expect(checkSchema(schema, { kongVersion: '3.9' })).toMatchObject([{ field: 'config.f', severity: 'warning' }])
  })
})
