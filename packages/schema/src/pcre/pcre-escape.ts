import { asciiMembers, propertySupport } from './pcre-properties.js'
import { PcreInvalid, PcreUnknown, type PcreReader } from './pcre-reader.js'

/** What stands behind a backslash. */
export type PcreEscape =
  /** One fixed character. */
  | { readonly kind: 'character'; readonly code: number }
  /** One of several characters, as the inside of a JavaScript class or its negation. `isExact`: it has the same members on bytes. */
  | { readonly kind: 'set'; readonly inside: string; readonly negated: boolean; readonly isExact: boolean }
  /** A place, not a character. PCRE2 does not let it be repeated. */
  | { readonly kind: 'assertion'; readonly letter: string; readonly source: string }
  /** Something of up to `max` characters. */
  | { readonly kind: 'sequence'; readonly source: string; readonly max: number; readonly isExact: boolean }
  | { readonly kind: 'reference'; readonly target: string }
  /** A call of a group: `\g<name>`. */
  | { readonly kind: 'call'; readonly target: string }
  /** `\Q…\E`, or a lone `\E`, which is an empty text. */
  | { readonly kind: 'literal'; readonly text: string }

const SPACES = ' \\t\\n\\v\\f\\r'
const HORIZONTAL = ' \\t\\xa0'
const VERTICAL = '\\n\\v\\f\\r\\x85'

const SETS: Readonly<Record<string, string>> = { d: '0-9', w: '\\w', s: SPACES, h: HORIZONTAL, v: VERTICAL }

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

/** Reads the escape behind a backslash that was just passed. In a class, places and references do not exist. */
export function readEscape(reader: PcreReader, isInClass: boolean): PcreEscape {
  if (reader.isAtEnd) throw new PcreInvalid('\\ at end of pattern')
  const letter = reader.next()
  if (letter === 'Q') return { kind: 'literal', text: readQuoted(reader) }
  if (letter === 'E') return { kind: 'literal', text: '' }
  if (letter === 'b' && isInClass) return { kind: 'character', code: 8 }
  const control = CONTROLS[letter]
  if (control !== undefined) return { kind: 'character', code: control }
  const set = SETS[letter.toLowerCase()]
  if (set !== undefined) return { kind: 'set', inside: set, negated: letter !== letter.toLowerCase(), isExact: true }
  if (letter === 'N') return readNotNewline(reader, isInClass)
  if (letter === 'p' || letter === 'P') return readProperty(reader, letter === 'P')
  if (/[0-9]/.test(letter)) return readNumber(reader, letter, isInClass)
  if (letter === 'x' || letter === 'o' || letter === 'c') return readCode(reader, letter)
  if (!/[a-zA-Z]/.test(letter)) return { kind: 'character', code: letter.charCodeAt(0) }
  if (!isInClass) {
    const assertion = ASSERTIONS[letter]
    if (assertion !== undefined) return { kind: 'assertion', letter, source: assertion }
    if (letter === 'R') return { kind: 'sequence', source: `(?:\\r\\n|[${VERTICAL}])`, max: 2, isExact: true }
    if (letter === 'X') return { kind: 'sequence', source: '[\\s\\S]', max: Infinity, isExact: false }
    if (letter === 'C' && reader.isUtf) throw new PcreUnknown('\\C in UTF mode')
    if (letter === 'C') return { kind: 'sequence', source: '[\\s\\S]', max: 1, isExact: true }
    if (letter === 'k') return { kind: 'reference', target: readName(reader) }
    if (letter === 'g') return readGroupReference(reader)
  }
  // PCRE2 takes \g in a class.
  if (letter === 'g' || letter === 'k') throw new PcreUnknown(`\\${letter} in a class`)
  return reader.refusedByPcre2(`unrecognized character follows \\: ${letter}`)
}

function readQuoted(reader: PcreReader): string {
  const end = reader.text.indexOf('\\E', reader.at)
  const stop = end < 0 ? reader.text.length : end
  const text = reader.text.slice(reader.at, stop)
  reader.at = end < 0 ? stop : stop + 2
  return text
}

function readNotNewline(reader: PcreReader, isInClass: boolean): PcreEscape {
  if (isInClass) return reader.refusedByPcre2('\\N is not supported in a class')
  if (reader.peek() === '{') {
    const isQuantifier = /^\{\d+(?:,\d*)?\}/.test(reader.text.slice(reader.at))
    if (!isQuantifier) throw new PcreUnknown('\\N{…}')
  }
  return { kind: 'set', inside: '\\n', negated: true, isExact: true }
}

function readProperty(reader: PcreReader, isNegated: boolean): PcreEscape {
  if (reader.isAtEnd) throw new PcreInvalid('malformed \\P or \\p sequence')
  const name = reader.skip('{') ? reader.until('}') : reader.next()
  const support = propertySupport(name)
  if (support === 'none') reader.refusedByPcre2(`unknown property after \\p: ${name}`)
  if (support === 'perhaps') throw new PcreUnknown(`property ${name}`)
  if (support === 'pcre2') reader.takenByPcre2(`property ${name}`)
  const inside = asciiMembers(name.replace('^', ''))
  return { kind: 'set', inside: inside ?? '', negated: isNegated !== name.startsWith('^'), isExact: inside !== undefined }
}

function readNumber(reader: PcreReader, first: string, isInClass: boolean): PcreEscape {
  const rest = reader.match(/\d*/y)?.[0] ?? ''
  const digits = first + rest
  if (first !== '0' && !isInClass) {
    if (Number(digits) < 10) return { kind: 'reference', target: digits }
    // From \10 on it depends on the number of groups whether this is a reference or an octal code.
    if (Number(digits) <= reader.text.length) throw new PcreUnknown(`\\${digits}`)
  }
  const octal = /^[0-7]{1,3}/.exec(digits)?.[0]
  if (octal === undefined) throw new PcreUnknown(`\\${digits}`)
  reader.at -= digits.length - octal.length
  return characterOf(Number.parseInt(octal, 8), reader)
}

function characterOf(code: number, reader: PcreReader): PcreEscape {
  if (code > (reader.isUtf ? 0x10ffff : 0xff)) throw new PcreInvalid('character code is too large')
  if (code >= 0xd800 && code <= 0xdfff) throw new PcreUnknown('surrogate')
  return { kind: 'character', code }
}

function readCode(reader: PcreReader, letter: string): PcreEscape {
  if (letter === 'c') {
    const control = reader.next()
    if (!/^[ -~]$/.test(control)) return reader.refusedByPcre2('\\c must be followed by a printable ASCII character')
    return { kind: 'character', code: control.toUpperCase().charCodeAt(0) ^ 0x40 }
  }
  if (letter === 'x' && reader.peek() !== '{') {
    return characterOf(Number.parseInt(reader.match(/[\da-fA-F]{0,2}/y)?.[0] || '0', 16), reader)
  }
  const digits = reader.match(letter === 'x' ? /\{([\da-fA-F]+)\}/y : /\{([0-7]+)\}/y)?.[1]
  if (digits !== undefined) return characterOf(Number.parseInt(digits, letter === 'x' ? 16 : 8), reader)
  // From 10.43 on blanks may stand inside the braces.
  if (/^\{\s|^\{[^}]*\s\}/.test(reader.text.slice(reader.at))) throw new PcreUnknown('blanks in a character code')
  return reader.refusedByPcre2(`missing or malformed digits after \\${letter}`)
}

/** Name of a group as every PCRE takes it. */
export const NAME = String.raw`[A-Za-z_]\w{0,31}`
const NAME_REFERENCE = new RegExp(String.raw`\{(${NAME})\}|<(${NAME})>|'(${NAME})'`, 'y')
const GROUP_REFERENCE = new RegExp(String.raw`\{([+-]?\d+|${NAME})\}|([+-]?\d+)`, 'y')
const GROUP_CALL = new RegExp(String.raw`<([+-]?\d+|${NAME})>|'([+-]?\d+|${NAME})'`, 'y')

function readName(reader: PcreReader): string {
  const found = reader.match(NAME_REFERENCE)
  const name = found?.[1] ?? found?.[2] ?? found?.[3]
  if (name !== undefined) return name
  if (/^[{<'][^}>']/.test(reader.text.slice(reader.at))) throw new PcreUnknown('reference by an unusual name')
  return reader.refusedByPcre2('\\k is not followed by a name')
}

function readGroupReference(reader: PcreReader): PcreEscape {
  const reference = reader.match(GROUP_REFERENCE)
  const target = reference?.[1] ?? reference?.[2]
  if (target !== undefined) return { kind: 'reference', target }
  const call = reader.match(GROUP_CALL)
  const called = call?.[1] ?? call?.[2]
  if (called !== undefined) return { kind: 'call', target: called }
  if (/^[{<'][^}>']/.test(reader.text.slice(reader.at))) throw new PcreUnknown('reference by an unusual name')
  return reader.refusedByPcre2('\\g is not followed by a name or number')
}
