import { toLuaItem } from './ascii-set.js'
import { parseRegexp, type RegexpItem, type RegexpSequence } from './regexp-parser.js'

/** The Lua form of a regular expression: a text must match one of the patterns, and its length in bytes must be within the limits. */
export interface LuaTranslation {
  readonly patterns: readonly string[]
  readonly lenMin?: number
  readonly lenMax?: number
}

type SetItem = Extract<RegexpItem, { readonly kind: 'set' }>

/** Each optional item doubles the ways in which Lua tries a text. With more of them a text could keep a Kong worker busy. */
const MOST_OPTIONAL = 8
const MOST_ITEMS = 100

/**
 * Translates a regular expression into Lua patterns, which Kong's `match` rules are. Both accept exactly the same texts.
 *
 * Lua's patterns see bytes. Items that match characters beyond ASCII are translated only where bytes and characters give the same answer.
 *
 * @returns `undefined` where there is no exact translation.
 */
export function regexpToLuaPattern(regexp: RegExp): LuaTranslation | undefined {
  const sequences = parseRegexp(regexp)
  if (sequences === undefined) return undefined
  const [only, ...more] = sequences
  if (only !== undefined && more.length === 0) {
    const counted = countedPattern(only)
    if (counted !== undefined) return counted
  }
  const patterns: string[] = []
  for (const sequence of sequences) {
    const pattern = sequencePattern(sequence)
    if (pattern === undefined) return undefined
    patterns.push(pattern)
  }
  return { patterns }
}

function sequencePattern(sequence: RegexpSequence): string | undefined {
  if (!isAligned(sequence)) return undefined
  let pattern = ''
  let optional = 0
  let items = 0
  for (const [index, item] of sequence.entries()) {
    if (item.kind === 'start' || item.kind === 'end') {
      if (index !== (item.kind === 'start' ? 0 : sequence.length - 1)) return undefined
      pattern += item.kind === 'start' ? '^' : '$'
      continue
    }
    if (item.kind === 'literal') {
      pattern += item.text
      continue
    }
    optional += Number.isFinite(item.max) ? item.max - item.min : 0
    items += item.min + (Number.isFinite(item.max) ? item.max - item.min : 1)
    if (optional > MOST_OPTIONAL || items > MOST_ITEMS) return undefined
    pattern += repeated(item)
  }
  // Kong refuses an empty pattern. The anchor alone matches every text too.
  return pattern === '' ? '^' : pattern
}

function repeated({ set, min, max }: SetItem): string {
  const item = toLuaItem(set)
  if (max === Infinity) return min === 0 ? `${item}*` : `${item.repeat(min - 1)}${item}+`
  return item.repeat(min) + `${item}?`.repeat(max - min)
}

/**
 * Lua has no counts. In an anchored pattern of single ASCII characters with one repeated item, the length of the text is an equivalent rule.
 */
function countedPattern(sequence: RegexpSequence): LuaTranslation | undefined {
  const [first, ...middle] = sequence
  const last = middle.pop()
  if (first?.kind !== 'start' || last?.kind !== 'end') return undefined
  let fixed = 0
  let counted: SetItem | undefined
  let pattern = ''
  for (const item of middle) {
    if (item.kind !== 'set' || item.set.takesOthers) return undefined
    if (item.min === 1 && item.max === 1) fixed++
    else if (counted === undefined) counted = item
    else return undefined
    pattern += item === counted ? `${toLuaItem(item.set)}*` : toLuaItem(item.set)
  }
  if (counted === undefined || (counted.max === Infinity && counted.min <= 1) || counted.max <= 1) return undefined
  const limits = { patterns: [`^${pattern}$`], lenMin: fixed + counted.min }
  return counted.max === Infinity ? limits : { ...limits, lenMax: fixed + counted.max }
}

/**
 * Whether items that match characters beyond ASCII give the same answer on bytes. They do if each of them repeats without limit and is
 * required at most once, and if between two of them stands an item that starts and ends at a character boundary.
 */
function isAligned(sequence: RegexpSequence): boolean {
  let open = false
  for (const item of sequence) {
    if (item.kind === 'literal') open = false
    if (item.kind !== 'set') continue
    if (!item.set.takesOthers) {
      if (item.min > 0) open = false
      continue
    }
    if (open || item.max !== Infinity || item.min > 1) return false
    open = true
  }
  return true
}

/**
 * A Lua pattern that matches exactly this text.
 *
 * @returns `undefined` for a text with a NUL, where Lua's patterns end.
 */
export function escapeLuaPattern(text: string): string | undefined {
  return text.includes('\0') ? undefined : text.replaceAll(/[\^$()%.[\]*+?-]/g, '%$&')
}
