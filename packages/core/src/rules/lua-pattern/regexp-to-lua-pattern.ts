import { toLuaItem } from './ascii-set.js'
import { parseRegexp, type RegexpItem, type RegexpSequence } from './regexp-parser.js'

/** What means the same as a regular expression: a text matches one of the patterns and has a length in bytes within the limits. */
export interface LuaTranslation {
  readonly patterns: readonly string[]
  readonly lenMin?: number
  readonly lenMax?: number
}

type SetItem = Extract<RegexpItem, { readonly kind: 'set' }>

/** Each optional item doubles the ways in which Lua may try a text: more would let a text keep a Kong worker busy. */
const MOST_OPTIONAL = 8
const MOST_ITEMS = 100

/**
 * Translates a regular expression into Lua patterns, which Kong's `match` rules are, but only where both accept exactly the same texts.
 *
 * Lua's patterns see bytes, so what takes characters beyond ASCII is translated only where it cannot tell bytes from characters.
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
  // An empty pattern is no text that Kong takes for an attribute; the anchor alone matches everything too.
  return pattern === '' ? '^' : pattern
}

function repeated({ set, min, max }: SetItem): string {
  const item = toLuaItem(set)
  if (max === Infinity) return min === 0 ? `${item}*` : `${item.repeat(min - 1)}${item}+`
  return item.repeat(min) + `${item}?`.repeat(max - min)
}

/**
 * Lua has no counts. In an anchored pattern whose other items are single characters of ASCII the length of the text says as much.
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
 * Whether items that take characters beyond ASCII can be left to bytes: each may repeat without limit, at least once at most, and
 * something that
 * begins and ends with a character stands between any two of them.
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
