import { formatNumber, luaToString } from '../lua/lua-text.js'
import { getKey, type LuaTable, type LuaValue } from '../lua/lua-value.js'

/** The shortest spelling, from 6 digits on, that reads back as the same number. */
const exactNumber = (value: number): string => {
  for (let digits = 6; digits < 17; digits++) {
    const text = formatNumber(value, digits)
    if (Number(text) === value) return text
  }
  return formatNumber(value, 17)
}

const isFlagged = (schema: LuaTable, keyword: string): boolean => getKey(schema, keyword) === true

/** What a number breaks of `minimum`, `maximum` and `multipleOf`. */
export const numberError = (schema: LuaTable, value: LuaValue): string | undefined => {
  if (typeof value !== 'number') return undefined
  const low = getKey(schema, 'minimum')
  if (typeof low === 'number') {
    const isStrict = isFlagged(schema, 'exclusiveMinimum')
    if (isStrict ? value <= low : value < low) {
      return `expected ${exactNumber(value)} to be ${isStrict ? 'sctrictly greater' : 'greater'} than ${exactNumber(low)}`
    }
  }
  const high = getKey(schema, 'maximum')
  if (typeof high === 'number') {
    const isStrict = isFlagged(schema, 'exclusiveMaximum')
    if (isStrict ? value >= high : value > high) {
      return `expected ${exactNumber(value)} to be ${isStrict ? 'sctrictly smaller' : 'smaller'} than ${exactNumber(high)}`
    }
  }
  const factor = getKey(schema, 'multipleOf')
  if (typeof factor !== 'number' || isMultiple(value, factor)) return undefined
  return `expected ${luaToString(value)} to be a multiple of ${luaToString(factor)}`
}

const isMultiple = (value: number, factor: number): boolean => {
  if (Number.isInteger(factor)) return value % factor === 0
  return Number.isInteger(value / factor)
}
