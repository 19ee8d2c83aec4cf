import { inspect } from 'node:util'
import type { Phase } from '@kong-ts/core'

/** One PDK call of a handler, in the order in which Kong got them. */
export interface PdkCallRecord {
  readonly phase: Phase
  /** Kong's name, `kong.request.get_header`. */
  readonly method: string
  readonly args: readonly unknown[]
  /** What came of it: Kong answered, the call ended the request, Kong raised an error (and never answered), or Kong hangs in it. */
  readonly outcome: 'answered' | 'final' | 'raised' | 'never'
  /** What the handler got; undefined for nil and for calls without an answer. */
  readonly result: unknown
  /** The error that Kong raised. */
  readonly error?: string
}

/** The calls that were made, one a line. */
export function formatCalls(calls: readonly PdkCallRecord[]): string {
  if (calls.length === 0) return 'no PDK call was made'
  return formatTable(
    ['phase', 'call', 'answer'],
    calls.map((call) => [call.phase, `${call.method}(${call.args.map(showValue).join(', ')})`, answerOf(call)]),
  )
}

function answerOf({ outcome, result, error }: PdkCallRecord): string {
  if (outcome === 'answered') return result === undefined ? 'nil' : showValue(result)
  return outcome === 'raised' ? `raised: ${error ?? ''}` : outcome === 'final' ? 'ends the request' : 'never answered'
}

/** Columns under their headings, each as wide as its widest cell. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)))
  function line(cells: readonly string[]): string {
    return cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  }
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** Longest text of a value in a message, in characters; the rest is cut off. */
const LONGEST_VALUE = 70

/** A value on one line, for the message of a test. */
export function showValue(value: unknown): string {
  const text = oneLine(value)
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`
}

function oneLine(value: unknown): string {
  try {
    return JSON.stringify(value, withoutLoss) ?? String(value)
  } catch {
    // The value contains itself.
    return inspect(value, { breakLength: Infinity, compact: true })
  }
}

/** Shows values for which JSON has no form, or only an empty one. */
function withoutLoss(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return `<${value.length} bytes>`
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  return typeof value === 'bigint' ? `${value}n` : value
}
