import { PcreError, type PcreReader } from './pcre-reader.js'

/** What stands behind a backslash. */
export type PcreEscape =
  /** One fixed character. */
  | { readonly kind: 'character'; readonly code: number }
  /** One of several characters, as the inside of a JavaScript class or its negation. */
  | { readonly kind: 'set'; readonly inside: string; readonly negated: boolean }
  /** A place, not a character. */
  | { readonly kind: 'assertion'; readonly source: string }
  /** Something of up to `max` characters, or of any length. */
  | { readonly kind: 'sequence'; readonly source: string; readonly max: number }
  | { readonly kind: 'reference'; readonly target: string }
  /** `\Q…\E`, or a lone `\E`. */
  | { readonly kind: 'literal'; readonly text: string }

const SPACES = ' \\t\\n\\v\\f\\r'
const HORIZONTAL = ' \\t\\xa0'
const VERTICAL = '\\n\\v\\f\\r\\x85'

const SETS: Readonly<Record<string, string>> = { d: '0-9', w: '\\w', s: SPACES, h: HORIZONTAL, v: VERTICAL, n: '\\n' }

const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }

const ASSERTIONS: Readonly<Record<string, string>> = {
  b: '\\b',
  B: '\\B',
  A: '(?<![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
  z: '(?![\\s\\S])',
  G: '(?<![\\s\\S])',
  K: '',
}

/** General categories and the few scripts that a pattern is likely to name. */
const PROPERTY = new RegExp(
  `^\\^?(?:${[
    'C[cfnos]?|L[&lmotu]?|LC|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?|Any|X(?:an|ps|sp|uc|wd)',
    'Alphabetic|Lowercase|Uppercase|White_Space|Arabic|Armenian|Bengali|Cherokee|Common|Cyrillic|Devanagari|Ethiopic|Georgian|Greek',
    'Gujarati|Han|Hangul|Hebrew|Hiragana|Inherited|Kannada|Katakana|Khmer|Lao|Latin|Malayalam|Mongolian|Myanmar|Sinhala|Tamil|Telugu',
    'Thai|Tibetan',
  ].join('|')})$`,
  'i',
)

/** Reads the escape behind a backslash that was just passed. In a class, places and references do not exist. */
export const readEscape = (reader: PcreReader, isInClass: boolean): PcreEscape => {
  if (reader.isAtEnd) throw new PcreError('\\ at end of pattern')
  const letter = reader.next()
  if (letter === 'Q') {
    const end = reader.text.indexOf('\\E', reader.at)
    const stop = end < 0 ? reader.text.length : end
    const text = reader.text.slice(reader.at, stop)
    reader.at = end < 0 ? stop : stop + 2
    return { kind: 'literal', text }
  }
  if (letter === 'E') return { kind: 'literal', text: '' }
  if (letter === 'b' && isInClass) return { kind: 'character', code: 8 }
  const control = CONTROLS[letter]
  if (control !== undefined) return { kind: 'character', code: control }
  const set = SETS[letter.toLowerCase()]
  if (set !== undefined && letter !== 'n' && !(letter === 'N' && isInClass)) {
    if (letter === 'N' && reader.peek() === '{' && !/^\{\d+(?:,\d*)?\}/.test(reader.text.slice(reader.at))) {
      throw new PcreError('\\N{name} is not supported')
    }
    return { kind: 'set', inside: set, negated: letter !== letter.toLowerCase() }
  }
  if (letter === 'p' || letter === 'P') return readProperty(reader, letter === 'P')
  if (/[0-9]/.test(letter)) return readNumber(reader, letter, isInClass)
  if (letter === 'x' || letter === 'o' || letter === 'c') return readCode(reader, letter)
  if (!/[a-zA-Z]/.test(letter)) return { kind: 'character', code: letter.charCodeAt(0) }
  if (!isInClass) {
    const assertion = ASSERTIONS[letter]
    if (assertion !== undefined) return { kind: 'assertion', source: assertion }
    if (letter === 'R') return { kind: 'sequence', source: `(?:\\r\\n|[${VERTICAL}])`, max: 2 }
    if (letter === 'X') return { kind: 'sequence', source: '[\\s\\S]', max: Infinity }
    if (letter === 'C') return { kind: 'sequence', source: '[\\s\\S]', max: 1 }
    if (letter === 'k') return { kind: 'reference', target: readName(reader) }
    if (letter === 'g') return readGroupReference(reader)
  }
  throw new PcreError(`unrecognized character follows \\: ${letter}`)
}

const readProperty = (reader: PcreReader, isNegated: boolean): PcreEscape => {
  const name = reader.skip('{') ? reader.until('}') : reader.next()
  if (!PROPERTY.test(name)) throw new PcreError(`unknown property after \\p: ${name}`)
  const isUpper = isNegated !== name.startsWith('^')
  const category = name.replace('^', '')
  return { kind: 'set', inside: asciiPart(category), negated: isUpper }
}

/** Without UTF mode only bytes are matched; of a property its ASCII members are known. */
const asciiPart = (category: string): string => {
  if (/^L(?:&|C)?$|^(?:Latin|Alphabetic)$/i.test(category)) return 'a-zA-Z'
  if (/^(?:Lu|Uppercase)$/i.test(category)) return 'A-Z'
  if (/^(?:Ll|Lowercase)$/i.test(category)) return 'a-z'
  if (/^N(?:d)?$/i.test(category)) return '0-9'
  if (/^Xan$/i.test(category)) return 'a-zA-Z0-9'
  if (/^Xwd$/i.test(category)) return '\\w'
  if (/^(?:Xsp|Xps|White_Space)$/i.test(category)) return SPACES
  if (/^Z(?:s)?$/i.test(category)) return ' \\xa0'
  if (/^P$/i.test(category)) return '!-#%-*,-\\/:;?@\\[-\\]_{}'
  if (/^S$/i.test(category)) return '$+<->\\^`|~'
  if (/^C(?:c)?$/i.test(category)) return '\\x00-\\x1f\\x7f'
  return /^Any$/i.test(category) ? '\\s\\S' : ''
}

const readNumber = (reader: PcreReader, first: string, isInClass: boolean): PcreEscape => {
  const rest = reader.match(/\d*/y)?.[0] ?? ''
  const digits = first + rest
  if (first !== '0' && !isInClass && (Number(digits) < 10 || !/^[0-7]/.test(digits))) return { kind: 'reference', target: digits }
  const octal = /^[0-7]{1,3}/.exec(digits)?.[0]
  if (octal === undefined) throw new PcreError(`reference to a group that is not there: ${digits}`)
  reader.at -= digits.length - octal.length
  return characterOf(Number.parseInt(octal, 8))
}

const characterOf = (code: number): PcreEscape => {
  if (!(code <= 0xff)) throw new PcreError('character code is too large')
  return { kind: 'character', code }
}

const readCode = (reader: PcreReader, letter: string): PcreEscape => {
  if (letter === 'c') {
    const control = reader.next()
    if (!/[ -~]/.test(control)) throw new PcreError('\\c must be followed by a printable ASCII character')
    return { kind: 'character', code: control.toUpperCase().charCodeAt(0) ^ 0x40 }
  }
  if (letter === 'o') {
    const octal = reader.match(/\{([0-7]+)\}/y)?.[1]
    if (octal === undefined) throw new PcreError('missing or malformed digits after \\o')
    return characterOf(Number.parseInt(octal, 8))
  }
  if (reader.peek() === '{') {
    const hex = reader.match(/\{([\da-fA-F]+)\}/y)?.[1]
    if (hex === undefined) throw new PcreError('malformed digits in \\x{}')
    return characterOf(Number.parseInt(hex, 16))
  }
  return characterOf(Number.parseInt(reader.match(/[\da-fA-F]{0,2}/y)?.[0] || '0', 16))
}

const readName = (reader: PcreReader): string => {
  const found = reader.match(/\{([A-Za-z_]\w{0,31})\}|<([A-Za-z_]\w{0,31})>|'([A-Za-z_]\w{0,31})'/y)
  const name = found?.[1] ?? found?.[2] ?? found?.[3]
  if (name === undefined) throw new PcreError('\\k is not followed by a name')
  return name
}

const readGroupReference = (reader: PcreReader): PcreEscape => {
  const found = reader.match(/\{([+-]?\d+|[A-Za-z_]\w{0,31})\}|([+-]?\d+)|<([+-]?\d+|[A-Za-z_]\w{0,31})>|'([+-]?\d+|[A-Za-z_]\w{0,31})'/y)
  const target = found?.[1] ?? found?.[2] ?? found?.[3] ?? found?.[4]
  if (target === undefined) throw new PcreError('\\g is not followed by a name or number')
  return { kind: 'reference', target }
}
