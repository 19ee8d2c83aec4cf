import { readEscape } from './pcre-escape.js'
import { PcreInvalid, PcreUnknown, type PcreReader } from './pcre-reader.js'

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  lower: 'a-z',
  upper: 'A-Z',
  alnum: 'a-zA-Z0-9',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: ' \\t\\n\\v\\f\\r',
  word: '\\w',
  xdigit: '0-9a-fA-F',
}

/** One character for a JavaScript expression. */
export function escapeCode(code: number): string {
  return `\\x${(code & 0xff).toString(16).padStart(2, '0')}`
}

/** A class as a JavaScript expression. */
export interface PcreClass {
  readonly source: string
  /** Whether the expression matches exactly what PCRE matches. */
  readonly isExact: boolean
}

interface Item {
  /** The character, where it is one that can start or end a range. */
  readonly code: number | undefined
  readonly positive: string
  readonly negative: string | undefined
  readonly isExact: boolean
}

function single(code: number): Item {
  return { code, positive: escapeCode(code), negative: undefined, isExact: code <= 0xff }
}

function setOf(members: string, isNegated: boolean, isExact: boolean): Item {
  return { code: undefined, positive: isNegated ? '' : members, negative: isNegated ? members : undefined, isExact }
}

/** Reads a class behind its `[`. */
export function readClass(reader: PcreReader): PcreClass {
  const isNegated = reader.skip('^')
  const positives: string[] = []
  const negatives: string[] = []
  let isExact = true
  let isFirst = true
  for (;;) {
    if (reader.isAtEnd) throw new PcreInvalid('missing terminating ] for character class')
    // An empty quotation counts as nothing, so a ] behind it may still be the first character.
    if (reader.match(/(?:\\E|\\Q\\E)+/y) !== undefined) continue
    if (reader.peek() === ']' && !isFirst) break
    isFirst = false
    const item = readItem(reader)
    isExact &&= item.isExact
    if (/^-[^\]]/.test(reader.text.slice(reader.at))) {
      const range = readRange(reader, item)
      isExact &&= range.isExact
      positives.push(range.source)
      continue
    }
    positives.push(item.positive)
    if (item.negative !== undefined) negatives.push(item.negative)
  }
  reader.at++
  const inside = [...(positives.join('') === '' ? [] : [`[${positives.join('')}]`]), ...negatives.map((members) => `[^${members}]`)]
  const members = inside.length === 0 ? '(?!)' : `(?:${inside.join('|')})`
  return { source: isNegated ? `(?:(?!${members})[\\s\\S])` : members, isExact }
}

function readRange(reader: PcreReader, start: Item): PcreClass {
  reader.at++
  // What a quotation does to the end of a range is left open.
  if (/^\\[QE]/.test(reader.text.slice(reader.at))) throw new PcreUnknown('quotation in a range')
  const end = readItem(reader)
  if (start.code === undefined || end.code === undefined) return reader.refusedByPcre2('invalid range in character class')
  if (end.code < start.code) throw new PcreInvalid('range out of order in character class')
  return { source: `${start.positive}-${end.positive}`, isExact: start.isExact && end.isExact }
}

function readItem(reader: PcreReader): Item {
  const posix = reader.match(/\[([:.=])(\^?)([a-z]*)\1\]/y)
  if (posix !== undefined) {
    const members = posix[1] === ':' ? POSIX[posix[3] ?? ''] : undefined
    if (members === undefined) throw new PcreInvalid('unknown POSIX class name')
    return setOf(members, posix[2] === '^', true)
  }
  if (/^\[[:.=]/.test(reader.text.slice(reader.at))) throw new PcreUnknown('[: in a class')
  const character = reader.next()
  if (character !== '\\') return single(character.codePointAt(0) ?? 0)
  const escape = readEscape(reader, true)
  switch (escape.kind) {
    case 'character':
      return single(escape.code)
    case 'set':
      return setOf(escape.inside, escape.negated, escape.isExact)
    case 'literal':
      return literal(escape.text)
    default:
      return reader.refusedByPcre2('escape that is not allowed in a class')
  }
}

function literal(text: string): Item {
  if (text.length === 1) return single(text.charCodeAt(0))
  if (text.includes('-')) throw new PcreUnknown('quoted hyphen in a class')
  const last = single(text.charCodeAt(text.length - 1))
  return { ...last, positive: [...text].map((each) => escapeCode(each.charCodeAt(0))).join('') }
}
