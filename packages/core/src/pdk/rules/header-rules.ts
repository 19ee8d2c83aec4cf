import { isNil } from '../pack-arguments.js'
import type { ArgumentCheck } from '../pdk-method.js'
import type { ValueRule } from './argument-check.js'
import { isTable, isText } from './value-rules.js'

/**
 * A header value: text, bytes, a number or a boolean, or an array of text and bytes. Kong reads an array up to its first nil and sees
 * an object as an empty array, so neither is refused here.
 */
export const headerValue: ValueRule = (value) => {
  if (isText(value) || typeof value === 'number' || typeof value === 'boolean') return undefined
  if (!isTable(value)) return 'must be a string, a number, a boolean or an array of strings'
  if (!Array.isArray(value)) return undefined
  for (const element of value) {
    if (isNil(element)) return undefined
    if (!isText(element)) return 'must hold strings only: turn numbers and booleans of the array into strings'
  }
  return undefined
}

/** Headers by name: a plain object. Kong takes an empty array for an empty object, and raises on the numbers that are an array's keys. */
export const headerMap: ValueRule = (headers) => {
  if (!isTable(headers)) return 'must be a plain object of header names and values'
  if (Array.isArray(headers)) return headers.every(isNil) ? undefined : 'must be a plain object of header names and values, not an array'
  if (headers instanceof Map) return 'must be a plain object of header names and values, not a Map: use Object.fromEntries'
  for (const [name, value] of Object.entries(headers)) {
    if (isNil(value)) continue
    const broken = headerValue(value)
    if (broken !== undefined) return `has a value for ${JSON.stringify(name)} that ${broken}`
  }
  return undefined
}

/** Name and value of the setters of one header. */
export function oneHeader(nameArgument: string): ArgumentCheck {
  return (args) => {
    if (!isText(args[0])) return { argument: nameArgument, rule: 'must be a string' }
    const broken = headerValue(args[1])
    return broken === undefined ? undefined : { argument: 'value', rule: broken }
  }
}
