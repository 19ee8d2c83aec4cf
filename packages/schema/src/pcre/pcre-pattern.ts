import { fromLuaText } from '../lua/lua-text.js'
import { PcreParser } from './pcre-parser.js'
import { PcreInvalid, PcreUnknown } from './pcre-reader.js'

/** Whether PCRE compiles a pattern. `unknown`: kong-ts is not sure, so it must not refuse the pattern. */
export type PcreVerdict = 'valid' | 'invalid' | 'unknown'

/**
 * Judges by its syntax whether Kong's PCRE compiles a pattern (Lua text).
 *
 * @param isPcre2 whether Kong has PCRE2 10.42 or newer. Older ones have PCRE 8.45, for which fewer patterns have a sure answer.
 */
export function judgePcrePattern(pattern: string, isPcre2: boolean): PcreVerdict {
  try {
    parserOf(pattern, isPcre2).parse()
    return 'valid'
  } catch (error) {
    if (error instanceof PcreInvalid) return 'invalid'
    if (error instanceof PcreUnknown) return 'unknown'
    throw error
  }
}

/**
 * Whether a pattern is found in a text, on bytes; both are Lua text. A pattern that PCRE2 does not compile is found nowhere.
 * `unknown` where JavaScript cannot match as PCRE2 does: recursion, conditions, verbs, many Unicode properties.
 */
export function matchesPcre(pattern: string, text: string): boolean | 'unknown' {
  let expression: RegExp
  try {
    const parser = parserOf(pattern, true)
    const source = parser.parse()
    if (!parser.isExact) return 'unknown'
    expression = new RegExp(source, parser.isCaseless ? 'i' : '')
  } catch (error) {
    if (error instanceof PcreInvalid) return false
    if (error instanceof PcreUnknown || error instanceof SyntaxError) return 'unknown'
    throw error
  }
  return expression.test(text)
}

/** Without UTF mode PCRE reads a pattern byte by byte, and Lua text has one character for each byte. */
function parserOf(pattern: string, isPcre2: boolean): PcreParser {
  const isUtf = /^(?:\(\*[A-Z_=\d]+\))*\(\*UTF8?\)/.test(pattern)
  return new PcreParser(isUtf ? fromLuaText(pattern) : pattern, isPcre2)
}
