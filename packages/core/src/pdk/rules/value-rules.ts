import { asciiOf, isNil, isTable, isText, isPlainObject } from '../call/lua-arguments.js'
import type { ValueRule } from '../call/pdk-method.js'

// Rules for single values, used by functions of every namespace. What is not plain data was refused before they run.

/** Kong takes any value, or ignores what it cannot use. */
export function anything(): undefined {
  return undefined
}

/** The same rule, but nil is allowed too. */
export function optional(rule: ValueRule): ValueRule {
  return (value) => (isNil(value) ? undefined : rule(value))
}

export function text(value: unknown): string | undefined {
  return isText(value) ? undefined : 'must be a string'
}

export function boolean(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'must be a boolean'
}

export function number(value: unknown): string | undefined {
  return typeof value === 'number' ? undefined : 'must be a number'
}

/** Kong uses the value as the key of a table, which must not be nil or NaN in Lua. */
export function tableKey(value: unknown): string | undefined {
  return isNil(value) || Number.isNaN(value) ? 'must be a string (or a number that is not NaN)' : undefined
}

/** A path of the request to the service. */
export function path(value: unknown): string | undefined {
  return isText(value) && asciiOf(value).startsWith('/') ? undefined : 'must be a string that starts with /'
}

/** A number from `least` to `most`. Kong cuts fractions off and does not refuse NaN. */
export function numberFrom(least: number, most: number): ValueRule {
  const rule = `must be a number from ${least} to ${most}`
  return (value) => (typeof value !== 'number' || value < least || value > most ? rule : undefined)
}

/** An integer from `least` to `most`. */
export function integerFrom(least: number, most: number): ValueRule {
  const rule = `must be an integer from ${least} to ${most}`
  return (value) => (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? undefined : rule)
}

/** One of some ASCII words. Case counts. */
export function oneOf(...words: readonly string[]): ValueRule {
  const known: ReadonlySet<string> = new Set(words)
  const rule = `must be one of ${words.join(', ')}`
  return (value) => (isText(value) && known.has(asciiOf(value)) ? undefined : rule)
}

/** A table, or nothing. */
export function tableOrNil(value: unknown): string | undefined {
  return isNil(value) || isTable(value) ? undefined : 'must be an object or nothing'
}

/** How many headers, query arguments or form fields Kong may give at most. */
export const maximum: ValueRule = numberFrom(1, 1000)

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
