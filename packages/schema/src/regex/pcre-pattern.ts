import { PcreParser } from './pcre-parser.js'
import { PcreError } from './pcre-reader.js'

const encoder = new TextEncoder()

/** UTF-8 bytes as a text of characters up to U+00FF: Kong matches bytes, not characters. */
const toByteText = (text: string): string => {
  let bytes = ''
  for (const byte of encoder.encode(text)) bytes += String.fromCharCode(byte)
  return bytes
}

/**
 * Whether PCRE2 compiles a pattern, by its syntax: groups, classes, quantifiers, escapes, references, bounded lookbehinds.
 */
export const isPcrePattern = (pattern: string): boolean => {
  try {
    new PcreParser(toByteText(pattern)).parse()
    return true
  } catch (error) {
    if (error instanceof PcreError) return false
    throw error
  }
}

/**
 * Whether a pattern is found in a text, on bytes. A pattern that PCRE does not compile is found nowhere.
 * Recursion, conditions and backtracking verbs are beyond JavaScript; where a pattern has them, more may match than in Kong.
 */
export const matchesPcre = (pattern: string, text: string): boolean => {
  let expression: RegExp
  try {
    const parser = new PcreParser(toByteText(pattern))
    const source = parser.parse()
    expression = new RegExp(source, parser.isCaseless ? 'i' : '')
  } catch (error) {
    if (error instanceof PcreError) return false
    throw error
  }
  return expression.test(toByteText(text))
}
