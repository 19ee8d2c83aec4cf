import { readEscape } from './pcre-escape.js'
import { PcreError, type PcreReader } from './pcre-reader.js'

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

/** One character for a JavaScript class. */
export const escapeCode = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`

interface Item {
  /** The character, where it is one that can start or end a range. */
  readonly code: number | undefined
  readonly positive: string
  readonly negative: string | undefined
}

const single = (code: number): Item => ({ code, positive: escapeCode(code), negative: undefined })

const readItem = (reader: PcreReader): Item => {
  const posix = reader.match(/\[([:.=])(\^?)([a-z]*)\1\]/y)
  if (posix !== undefined) {
    const members = posix[1] === ':' ? POSIX[posix[3] ?? ''] : undefined
    if (members === undefined) throw new PcreError('unknown POSIX class name')
    return posix[2] === '^'
      ? { code: undefined, positive: '', negative: members }
      : { code: undefined, positive: members, negative: undefined }
  }
  const character = reader.next()
  if (character !== '\\') return single(character.charCodeAt(0))
  const escape = readEscape(reader, true)
  if (escape.kind === 'character') return single(escape.code)
  if (escape.kind === 'set') {
    return escape.negated
      ? { code: undefined, positive: '', negative: escape.inside }
      : { code: undefined, positive: escape.inside, negative: undefined }
  }
  if (escape.kind !== 'literal') throw new PcreError('escape that is not allowed in a class')
  const codes = [...escape.text].map((each) => escapeCode(each.charCodeAt(0)))
  return { code: undefined, positive: codes.join(''), negative: undefined }
}

/** Reads a class behind its `[` and gives a JavaScript expression for it. */
export const readClass = (reader: PcreReader): string => {
  const isNegated = reader.skip('^')
  const positives: string[] = []
  const negatives: string[] = []
  let isFirst = true
  for (;;) {
    if (reader.isAtEnd) throw new PcreError('missing terminating ] for character class')
    if (reader.peek() === ']' && !isFirst) break
    isFirst = false
    const item = readItem(reader)
    if (/^-[^\]]/.test(reader.text.slice(reader.at))) {
      const isCharacter = item.code !== undefined
      if (!isCharacter && item.positive === '' && item.negative === undefined) continue
      reader.at++
      const end = readItem(reader)
      if (!isCharacter || end.code === undefined) throw new PcreError('invalid range in character class')
      if (end.code < (item.code ?? 0)) throw new PcreError('range out of order in character class')
      positives.push(`${item.positive}-${end.positive}`)
      continue
    }
    positives.push(item.positive)
    if (item.negative !== undefined) negatives.push(item.negative)
  }
  reader.at++
  const inside = [...(positives.join('') === '' ? [] : [`[${positives.join('')}]`]), ...negatives.map((members) => `[^${members}]`)]
  const members = inside.length === 0 ? '(?!)' : `(?:${inside.join('|')})`
  return isNegated ? `(?:(?!${members})[\\s\\S])` : members
}
