import type { PdkCallRecord } from './pdk-call-record.js'
import { showValue } from './show-value.js'

/** Columns under their headings, each as wide as its widest cell. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** The calls that were made, one per line. */
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
