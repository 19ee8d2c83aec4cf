/** Longest text of a cell, in characters; the rest is cut off. */
const LONGEST_CELL = 60

/** Lines with columns of even width. Leaves out columns without any text. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const cells = [headings, ...rows.map((row) => row.map(shorten))]
  const used = headings.map((_, column) => cells.slice(1).some((row) => row[column] !== ''))
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) =>
    row
      .flatMap((cell, column) => (used[column] ? [cell.padEnd(widths[column] ?? 0)] : []))
      .join('  ')
      .trimEnd(),
  )
}

function shorten(cell: string): string {
  return cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL - 1)}…` : cell
}
