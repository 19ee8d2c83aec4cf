import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLuaPattern, createConfigCompleter } from '@kong-ts/schema'
import { regexpToLuaPattern, type LuaTranslation } from '../../src/rules/lua-pattern/regexp-to-lua-pattern.js'

/** Kong's verdict on a text, as its own rules for text give it. */
function kongAccepts({ patterns, lenMin = 0, lenMax }: LuaTranslation): (text: string) => boolean {
  const rules = { match_any: { patterns }, len_min: lenMin, ...(lenMax === undefined ? {} : { len_max: lenMax }) }
  const schema = { name: 'probe', fields: [{ config: { type: 'record', fields: [{ text: { type: 'string', ...rules } }] } }] }
  const complete = createConfigCompleter(schema, { kongVersion: '3.9' })
  return (text) => complete({ config: { text } }).status === 'completed'
}

const CHARACTERS = ['a', 'b', 'Z', 'K', '0', '9', '_', '-', '.', '%', ']', '^', '$', ' ', '\n', '\0', 'é', 'K', '😀']
const texts = fc.oneof(fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 9 }), fc.string({ unit: 'grapheme', maxLength: 6 }))

/** Regular expressions from the grammar that is at home in configurations, with pieces that Lua cannot say among them. */
const atom = fc.oneof(
  fc.constantFrom('a', 'b', 'K', '0', '_', '-', '%', 'é', '\\.', '\\$', '\\^', '\\-', '\\]', '\\n', '\\x41', '\\u0062', '\\0'),
  fc.constantFrom('\\d', '\\w', '\\D', '\\W', '\\s', '.', '\\b'),
  fc.constantFrom(
    '[ab]',
    '[a-z]',
    '[A-Z0-9_]',
    '[^a]',
    '[^0-9a-f]',
    '[-a]',
    '[a-]',
    '[%^]',
    '[\\]\\-b]',
    '[ -~]',
    '[^]',
    '[\\d.]',
    '[é]',
    '[\\0-\\x1f]',
  ),
)
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '{2}', '{1,3}', '{2,}', '{0,12}', '{3,40}')
const piece = fc.tuple(atom, quantifier).map(([item, count]) => item + count)
const sequence = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
const group = fc
  .tuple(fc.constantFrom('(', '(?:'), fc.array(sequence, { minLength: 1, maxLength: 2 }), fc.constantFrom('', '?', '*', '{2}'))
  .map(([open, alternatives, count]) => `${open}${alternatives.join('|')})${count}`)
const body = fc
  .array(fc.oneof({ weight: 4, arbitrary: sequence }, { weight: 1, arbitrary: group }), { maxLength: 3 })
  .map((parts) => parts.join(''))
const source = fc.oneof(
  fc.tuple(fc.constantFrom('^', ''), body, fc.constantFrom('$', '')).map((parts) => parts.join('')),
  fc.tuple(body, body).map(([one, other]) => `^${one}$|^${other}`),
)
const regexps = fc.tuple(source, fc.constantFrom('', 'i', 's', 'u', 'g')).map(([text, flags]) => {
  try {
    return new RegExp(text, flags)
  } catch {
    return undefined
  }
})

describe('a regular expression as a Lua pattern', () => {
  it('matches exactly the same texts, wherever it is translated', () => {
    let translations = 0
    fc.assert(
      fc.property(regexps, fc.array(texts, { minLength: 6, maxLength: 12 }), (regexp, samples) => {
        const translated = regexp && regexpToLuaPattern(regexp)
        if (regexp === undefined || translated === undefined) return
        translations++
        expect(translated.patterns.map(checkLuaPattern)).toEqual(translated.patterns.map(() => undefined))
        const accepts = kongAccepts(translated)
        for (const text of samples) {
          expect({ text, patterns: translated.patterns, kong: accepts(text) }).toEqual({
            text,
            patterns: translated.patterns,
            kong: text.search(regexp) >= 0,
          })
        }
      }),
      { numRuns: 800 },
    )
    expect(translations).toBeGreaterThan(150)
  })

  it.each([
    [/^\d+$/, { patterns: ['^[0-9]+$'] }],
    [/^[a-z][a-z0-9-]*$/, { patterns: ['^[a-z][0-9a-z%-]*$'] }],
    [/^[a-z]{2,63}$/, { patterns: ['^[a-z]*$'], lenMin: 2, lenMax: 63 }],
    [/^v\d{3,}$/, { patterns: ['^v[0-9]*$'], lenMin: 4 }],
    [/^(GET|POST)$/, { patterns: ['^GET$', '^POST$'] }],
    [/^a(b)?c/, { patterns: ['^abc', '^ac'] }],
    [/ok/i, { patterns: ['[Oo][Kk]'] }],
    [/100%/, { patterns: ['100%%'] }],
    [/^[^/]+\//, { patterns: ['^[^%/]+%/'] }],
    [/^.*$/s, { patterns: ['^.*$'] }],
    [/naïve/, { patterns: ['naïve'] }],
    [new RegExp(''), { patterns: ['^'] }],
  ])('translates %s', (regexp, translation) => {
    expect(regexpToLuaPattern(regexp)).toEqual(translation)
  })

  it.each([
    ['a dot, which spares two line separators beyond ASCII', /^a.b$/],
    ['one character that may be beyond ASCII', /^[^a]$/],
    ['two runs that could share a character beyond ASCII', /^[^a]+[^b]+$/],
    ['white space, which reaches beyond ASCII', /\s/],
    ['a word boundary', /\ba/],
    ['look-ahead', /^(?=a)/],
    ['a back-reference', /^(a)\1$/],
    ['a repeated group', /^(ab)+$/],
    ['an anchor in the middle', /a^b/],
    ['lines', /^a$/m],
    ['stickiness', /a/y],
    ['case in unicode mode, where K is also the Kelvin sign', /k/iu],
    ['letters beyond ASCII in either case', /é/i],
    ['so many optional items that Lua would try for ever', /a?b?c?d?e?f?g?h?i?j?/],
  ])('does not translate %s', (_what, regexp) => {
    expect(regexpToLuaPattern(regexp)).toBeUndefined()
  })
})
