import { PcreInvalid, PcreUnknown, type PcreReader } from './pcre-reader.js'

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
