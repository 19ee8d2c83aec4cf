import { isFalsy } from '../pack-arguments.js'
import type { ValueRule } from './argument-check.js'
import type { ArgumentCheck } from '../pdk-method.js'
import { asciiOf, isTable, isText } from './value-rules.js'

const BYTES: ReadonlySet<string> = new Set(['', 'b'])
const MULTIPLES: ReadonlySet<string> = new Set(['k', 'm', 'g'])

/** Unit of memory sizes, in either case, and digits after the point, which Kong looks at only where there is a point. */
export const memoryStats: ArgumentCheck = ([unit, scale]) => {
  const name = isFalsy(unit) ? 'b' : isText(unit) ? asciiOf(unit).toLowerCase() : undefined
  if (name !== undefined && BYTES.has(name)) return undefined
  if (name === undefined || !MULTIPLES.has(name)) return { argument: 'unit', rule: 'must be b, k, m or g' }
  if (isFalsy(scale) || (typeof scale === 'number' && scale >= 0)) return undefined
  return { argument: 'scale', rule: 'must be a number that is not negative' }
}

export const tableOrNil: ValueRule = (value) => (isFalsy(value) || isTable(value) ? undefined : 'must be an object, an array or nothing')

/** Both sizes of `kong.table.new` are obligatory. */
export const newTable: ArgumentCheck = ([arraySize, recordSize]) => {
  if (!isSize(arraySize)) return { argument: 'narr', rule: 'must be a number' }
  return isSize(recordSize) ? undefined : { argument: 'nrec', rule: 'must be a number' }
}

function isSize(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value)
}
