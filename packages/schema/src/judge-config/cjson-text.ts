import { formatNumber } from '../schema-values/lua-text.js'
import type { LuaTable, LuaValue } from '../schema-values/lua-value.js'

/** cjson escapes what JSON.stringify escapes, and also the slash and DEL. */
const quote = (text: string): string => JSON.stringify(text).replaceAll('/', '\\/').replaceAll('\u007f', '\\u007f')

/**
 * A value as Kong's cjson prints it, except that keys are sorted where cjson follows hash order.
 *
 * @param digits significant digits of numbers: 16, or 14 before Kong 3.6.
 * Infinite numbers, on which cjson raises, must have been ruled out.
 */
export const cjsonText = (value: LuaValue, digits: number): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'number') return tableText(value, digits)
  return formatNumber(value, digits)
}

const tableText = (table: LuaTable, digits: number): string => {
  if (Array.isArray(table)) return `[${table.map((value) => cjsonText(value ?? null, digits)).join(',')}]`
  const members: string[] = []
  for (const key of Object.keys(table).toSorted()) {
    const value = table[key]
    if (value !== undefined) members.push(`${quote(key)}:${cjsonText(value, digits)}`)
  }
  return `{${members.join(',')}}`
}
