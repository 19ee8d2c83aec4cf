import { PcreInvalid, PcreUnknown } from './pcre-reader.js'

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
