import { LuaError } from '../lua/lua-error.js'
import { formatNumber } from '../lua/lua-number.js'
import { luaToString } from '../lua/lua-text.js'
import { isTruthy, luaType, type LuaTable, type LuaValue, isTable } from '../lua/lua-table.js'

/** Whether a value is an object. An empty table is an object and an array. */
export function isObject(value: LuaValue): value is LuaTable {
  return isTable(value) && value.elements.length === 0
}

export function isArray(value: LuaValue): value is LuaTable {
  return isTable(value) && (value.elements.length > 0 || value.size === 0)
}

/** Name of a value's kind in error texts. */
export function kindOf(value: LuaValue): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return Math.floor(value) === value ? 'integer' : 'number'
  if (typeof value !== 'object') return typeof value
  return isObject(value) ? 'object' : 'array'
}

/** Whether a value is of a JSON-schema type. */
export function isOfType(value: LuaValue, type: LuaValue): boolean {
  switch (type) {
    case 'object':
      return isObject(value)
    case 'array':
      return isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}

/** Equality of JSON values; an empty array equals an empty object. */
export function isDeepEqual(a: LuaValue, b: LuaValue): boolean {
  if (a === undefined || b === undefined || !isTable(a) || !isTable(b)) return a === b
  const entries = a.entries()
  const others = new Map(b.entries())
  return entries.length === others.size && entries.every(([key, value]) => others.has(key) && isDeepEqual(value, others.get(key)))
}

const NUMBER_RULES = ['minimum', 'maximum', 'multipleOf']

/** The error of a number that breaks `minimum`, `maximum` or `multipleOf`. */
export function numberError(schema: LuaTable, value: LuaValue): string | undefined {
  if (!NUMBER_RULES.some((rule) => isTruthy(schema.get(rule)))) return undefined
  if (typeof value !== 'number') throw new LuaError(`attempt to compare number with ${luaType(value)}`)
  const low = schema.get('minimum')
  if (typeof low === 'number') {
    const isStrict = isFlagged(schema, 'exclusiveMinimum')
    if (isStrict ? value <= low : value < low) {
      return `expected ${exactNumber(value)} to be ${isStrict ? 'sctrictly greater' : 'greater'} than ${exactNumber(low)}`
    }
  }
  const high = schema.get('maximum')
  if (typeof high === 'number') {
    const isStrict = isFlagged(schema, 'exclusiveMaximum')
    if (isStrict ? value >= high : value > high) {
      return `expected ${exactNumber(value)} to be ${isStrict ? 'sctrictly smaller' : 'smaller'} than ${exactNumber(high)}`
    }
  }
  const factor = schema.get('multipleOf')
  if (typeof factor !== 'number' || isMultiple(value, factor)) return undefined
  return `expected ${luaToString(value)} to be a multiple of ${luaToString(factor)}`
}

function isMultiple(value: number, factor: number): boolean {
  if (Number.isInteger(factor)) return value % factor === 0
  return Number.isInteger(value / factor)
}

/** The number with as few digits as it needs, but at least 6. */
function exactNumber(value: number): string {
  for (let digits = 6; digits < 17; digits++) {
    const text = formatNumber(value, digits)
    if (Number(text) === value) return text
  }
  return formatNumber(value, 17)
}

function isFlagged(schema: LuaTable, keyword: string): boolean {
  return schema.get(keyword) === true
}

/** The error of a text that breaks `format`. Kong's library knows date, time and date-time. */
export function dateFormatError(format: string, text: string): string | undefined {
  const wrong = `expected valid "${format}", got ${quoteText(text)}`
  if (format === 'time') return isTime(text) ? undefined : wrong
  if (format !== 'date' && format !== 'date-time') return undefined
  const split = /^([\s\S]+)[tT]([\s\S]+)$/.exec(text)
  if (format === 'date-time' && split === null) return wrong
  const date = format === 'date' ? text : (split?.[1] ?? '')
  if (!isDate(date)) {
    const isLate = /^\d{4}-02-(3[01])$/.test(date) && isLeapYear(Number(date.slice(0, 4)))
    return isLate ? `expected valid leap year date, got ${quoteText(text)}` : wrong
  }
  return format === 'date' || isTime(split?.[2] ?? '') ? undefined : wrong
}

function isDate(text: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (found === null) return false
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  if (day > 31 || month > 12) return false
  if (month === 2) return day <= (isLeapYear(year) ? 29 : 28)
  return day <= ([4, 6, 9, 11].includes(month) ? 30 : 31)
}

function isLeapYear(year: number): boolean {
  return year % 400 === 0 || (year % 100 !== 0 && year % 4 === 0)
}

function isTime(text: string): boolean {
  const found = /^(\d\d):([0-5]\d):([\d.]+)([Zz+-])([\s\S]*)$/.exec(text)
  if (found === null) return false
  const [, hour, , seconds, sign, rest] = found
  if (Number(hour) > 23 || !(Number(seconds) <= 60)) return false
  if (sign === 'Z' || sign === 'z') return /[Zz]$/.test(text)
  const offset = /^(\d\d):([0-5]\d)$/.exec(rest ?? '')
  return offset !== null && Number(offset[1]) <= 23
}

/** Lua's `%q`. */
export function quoteText(text: string): string {
  return `"${text
    .replaceAll(/["\\\n]/g, '\\$&')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\000')}"`
}
