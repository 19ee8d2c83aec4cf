/** 12345 → `12,300`; small numbers keep three figures. */
export function figures(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

export function ratio(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(2)}×` : '–'
}

/** KiB in MiB. */
export function mebibytes(kibibytes: number): string {
  return (kibibytes / 1024).toFixed(1)
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** @throws Error for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  if (upper === undefined || lower === undefined) throw new Error('a median of nothing')
  return (lower + upper) / 2
}

/** A Markdown table that also reads well in a terminal. Aligns the first columns left and the others right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[], textColumns = 1): string {
  const widths = header.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  function line(cells: readonly string[]): string {
    return `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column < textColumns)).join(' | ')} |`
  }
  const rule = `|${widths.map((width, column) => (column < textColumns ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

function pad(text: string, width: number, left: boolean): string {
  return left ? text.padEnd(width) : text.padStart(width)
}
