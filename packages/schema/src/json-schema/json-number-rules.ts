import { LuaRaise } from '../schema-values/lua-raise.js'
import { formatNumber, luaToString, luaTypeName } from '../schema-values/lua-text.js'
import { getKey, isTruthy, type LuaTable, type LuaValue } from '../schema-values/lua-value.js'

/** The shortest spelling, from 6 digits on, that reads back as the same number. */
const exactNumber = (value: number): string => {
  for (let digits = 6; digits < 17; digits++) {
    const text = formatNumber(value, digits)
    if (Number(text) === value) return text
  }
  return formatNumber(value, 17)
}

const isFlagged = (schema: LuaTable, keyword: string): boolean => getKey(schema, keyword) === true

const NUMBER_RULES = ['minimum', 'maximum', 'multipleOf']

/** What a number breaks of `minimum`, `maximum` and `multipleOf`. */
export const numberError = (schema: LuaTable, value: LuaValue): string | undefined => {
  if (!NUMBER_RULES.some((rule) => isTruthy(getKey(schema, rule)))) return undefined
  if (typeof value !== 'number') throw new LuaRaise(`attempt to compare number with ${luaTypeName(value)}`)
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
