import { PcreInvalid, PcreUnknown, type PcreReader } from './pcre-reader.js'

/** A part of a pattern: how long its matches can be, and JavaScript for it. */
export interface Part {
  readonly min: number
  readonly max: number
  /** False when the lengths are not known. */
  readonly hasSureLength: boolean
  /** Roughly how large the compiled part is, in items. */
  readonly size: number
  readonly source: string
}

/** A part, and whether a quantifier may follow it. */
export interface Item {
  readonly part: Part
  readonly isRepeatable: boolean
}

const MAX_LOOKBEHIND = 255

export const EMPTY: Part = { min: 0, max: 0, hasSureLength: true, size: 0, source: '' }

export function place(source: string): Item {
  return { part: { ...EMPTY, size: 1, source }, isRepeatable: false }
}

export function wide(source: string, length = 1): Part {
  return { min: length, max: length, hasSureLength: true, size: length, source }
}

export function sequence(parts: readonly Part[]): Part {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0]
  return {
    min: parts.reduce((sum, part) => sum + part.min, 0),
    max: parts.reduce((sum, part) => sum + part.max, 0),
    hasSureLength: parts.every((part) => part.hasSureLength),
    size: parts.reduce((sum, part) => sum + part.size, 0),
    source: parts.map((part) => part.source).join(''),
  }
}

export function either(parts: readonly Part[]): Part {
  return {
    min: Math.min(...parts.map((part) => part.min)),
    max: Math.max(...parts.map((part) => part.max)),
    hasSureLength: parts.every((part) => part.hasSureLength),
    size: parts.reduce((sum, part) => sum + part.size + 1, 0),
    source: parts.map((part) => part.source).join('|'),
  }
}

/** Up to 10.42 every alternative of a lookbehind has a fixed length; later its length has a limit. */
export function checkLookbehind(branches: readonly Part[]): void {
  for (const { min, max, hasSureLength } of branches) {
    if (!hasSureLength) throw new PcreUnknown('length of a lookbehind')
    if (max === Infinity) throw new PcreInvalid('length of lookbehind assertion is not limited')
    if (min !== max || max > MAX_LOOKBEHIND) throw new PcreUnknown('lookbehind without a fixed length')
  }
}

/** How often an item is repeated, and the quantifier for JavaScript. */
export interface Quantifier {
  readonly least: number
  readonly most: number
  readonly source: string
}

/** A quantifier that comes next, or undefined. `{` that starts none is an ordinary character. */
export function readQuantifier(reader: PcreReader): Quantifier | undefined {
  const sign = reader.match(/[*+?]/y)?.[0]
  if (sign === '*') return { least: 0, most: Infinity, source: '*' }
  if (sign === '+') return { least: 1, most: Infinity, source: '+' }
  if (sign === '?') return { least: 0, most: 1, source: '?' }
  const found = reader.match(/\{(\d+)(,(\d*))?\}/y)
  if (found === undefined) {
    // A quantifier from 10.43 on, ordinary characters before.
    if (/^\{(?: *\d+ *(?:, *\d* *)?| *, *\d+ *)\}/.test(reader.text.slice(reader.at))) throw new PcreUnknown('quantifier of PCRE2 10.43')
    return undefined
  }
  const least = Number(found[1])
  const most = found[2] === undefined ? least : found[3] === undefined || found[3] === '' ? Infinity : Number(found[3])
  if (least > 65535 || (most !== Infinity && most > 65535)) throw new PcreInvalid('number too big in {} quantifier')
  if (most < least) throw new PcreInvalid('numbers out of order in {} quantifier')
  return { least, most, source: most === Infinity ? `{${least},}` : `{${least},${most}}` }
}
