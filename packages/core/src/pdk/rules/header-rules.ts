import { isNil, isTable, isText } from '../call/lua-arguments.js'
import { isPlainObject } from '../call/plain-data.js'

/**
 * A header value: text, bytes, a number, a boolean, or an array of text and bytes. Kong reads an array up to its first nil, and treats an
 * object like an empty array. Neither is refused here, because Kong does not raise on them.
 */
export function headerValue(value: unknown): string | undefined {
  if (isText(value) || typeof value === 'number' || typeof value === 'boolean') return undefined
  if (!isTable(value)) return 'must be a string, a number, a boolean or an array of strings'
  if (value instanceof Set) return 'must be an array of strings, not a Set: use Array.from'
  if (!Array.isArray(value)) return undefined
  for (const element of value) {
    if (isNil(element)) return undefined
    if (!isText(element)) return 'must hold strings only: turn numbers and booleans of the array into strings'
  }
  return undefined
}

/**
 * Headers by name: a plain object. Kong takes an empty array for an empty object, and raises on the numbers that are the keys of an array.
 */
export function headerMap(headers: unknown): string | undefined {
  if (!isTable(headers)) return 'must be a plain object of header names and values'
  if (Array.isArray(headers)) return headers.every(isNil) ? undefined : 'must be a plain object of header names and values, not an array'
  if (!isPlainObject(headers)) return 'must be a plain object of header names and values: use Object.fromEntries'
  for (const [name, value] of Object.entries(headers)) {
    if (isNil(value)) continue
    const broken = headerValue(value)
    if (broken !== undefined) return `has a value for ${JSON.stringify(name)} that ${broken}`
  }
  return undefined
}
