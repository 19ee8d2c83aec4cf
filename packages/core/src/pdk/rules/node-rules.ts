import { isNil } from '../pack-arguments.js'
import type { ValueRule } from './argument-check.js'
import type { ArgumentCheck } from '../pdk-method.js'
import { asciiOf, isTable, isText } from './value-rules.js'

const UNITS: ReadonlySet<string> = new Set(['b', 'k', 'm', 'g'])

/** Unit of memory sizes: bytes or a binary multiple, in either case. */
export const memoryUnit: ValueRule = (unit) =>
  isText(unit) && UNITS.has(asciiOf(unit).toLowerCase()) ? undefined : 'must be b, k, m or g'

/** Digits after the point. */
export const scale: ValueRule = (digits) =>
  typeof digits === 'number' && digits >= 0 ? undefined : 'must be a number that is not negative'

export const tableOrNil: ValueRule = (value) => (isNil(value) || isTable(value) ? undefined : 'must be an object, an array or nothing')

/** Both sizes of `kong.table.new` are obligatory. */
export const newTable: ArgumentCheck = ([arraySize, recordSize]) => {
  if (!isSize(arraySize)) return { argument: 'narr', rule: 'must be a number' }
  return isSize(recordSize) ? undefined : { argument: 'nrec', rule: 'must be a number' }
}

function isSize(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value)
}
