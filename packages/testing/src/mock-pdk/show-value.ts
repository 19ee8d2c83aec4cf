import { inspect } from 'node:util'

/** Longest text of a value in a message; more is cut. */
const LONGEST = 70

/** A value as a test's message shows it, on one line. */
export function showValue(value: unknown): string {
  const text = oneLine(value)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}

function oneLine(value: unknown): string {
  try {
    return JSON.stringify(value, shown) ?? String(value)
  } catch {
    // A value that contains itself.
    return inspect(value, { breakLength: Infinity, compact: true })
  }
}

/** What JSON has no form for, or hides. */
function shown(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return `<${value.length} bytes>`
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  return typeof value === 'bigint' ? `${value}n` : value
}
