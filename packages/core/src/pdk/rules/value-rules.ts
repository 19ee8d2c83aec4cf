import { isNil } from '../pack-arguments.js'
import type { ValueRule } from './argument-check.js'

/** A Lua string: text, or bytes. */
export function isText(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array
}

/** A Lua table: an array, or an object that is no bytes. */
export function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}

/** The characters of a Lua string, one per byte when it came as bytes: enough to compare with ASCII names. */
export function asciiOf(value: string | Uint8Array): string {
  return typeof value === 'string' ? value : String.fromCharCode(...value.subarray(0, 256))
}

export const text: ValueRule = (value) => (isText(value) ? undefined : 'must be a string')

export const table: ValueRule = (value) => (isTable(value) ? undefined : 'must be a plain object or an array')

export const boolean: ValueRule = (value) => (typeof value === 'boolean' ? undefined : 'must be a boolean')

export const number: ValueRule = (value) => (typeof value === 'number' ? undefined : 'must be a number')

/** Kong indexes a table with it: any value but nil and NaN. */
export const tableKey: ValueRule = (value) =>
  isNil(value) || Number.isNaN(value) ? 'must be a string (or a number that is not NaN)' : undefined

/** A number from `least` to `most`. Kong cuts fractions off, and lets NaN pass. */
export function numberFrom(least: number, most: number): ValueRule {
  const rule = `must be a number from ${least} to ${most}`
  return (value) => (typeof value !== 'number' || value < least || value > most ? rule : undefined)
}

/** An integer from `least` to `most`. */
export function integerFrom(least: number, most: number): ValueRule {
  const rule = `must be an integer from ${least} to ${most}`
  return (value) => (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? undefined : rule)
}

/** One of some ASCII words, compared exactly. */
export function oneOf(...words: readonly string[]): ValueRule {
  const known: ReadonlySet<string> = new Set(words)
  const rule = `must be one of ${words.join(', ')}`
  return (value) => (isText(value) && known.has(asciiOf(value)) ? undefined : rule)
}

/** How many headers, query arguments or form fields Kong hands over at most. */
export const maximum: ValueRule = numberFrom(1, 1000)
