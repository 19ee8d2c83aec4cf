/** One group of bars: a title, and a value for each series; `undefined` where there is none. */
export interface BarGroup {
  readonly title: string
  readonly values: readonly (number | undefined)[]
}

const COLOURS = ['#2563eb', '#60a5fa', '#f59e0b', '#6b7280', '#10b981', '#ef4444', '#8b5cf6']
const BAR = 26
const GAP = 6
const GROUP_GAP = 40
const PLOT_HEIGHT = 180
const TOP = 64
const LEFT = 24

/**
 * Draws groups of bars as SVG, with the value on each bar. Each group has its own scale, because the workloads differ by a factor of 100.
 */
export function barPlot(title: string, series: readonly string[], groups: readonly BarGroup[], format: (value: number) => string): string {
  const groupWidth = series.length * (BAR + GAP) + GROUP_GAP
  const width = Math.max(LEFT * 2 + groups.length * groupWidth, 640)
  const height = TOP + PLOT_HEIGHT + 40
  const bars = groups.flatMap((group, index) => drawGroup(group, LEFT + index * groupWidth, format))
  const legend = series.map((name, index) => {
    const x = LEFT + index * 150
    return `<rect x="${x}" y="34" width="10" height="10" fill="${colour(index)}"/><text x="${x + 15}" y="43">${escape(name)}</text>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="20" font-size="14" font-weight="bold">${escape(title)}</text>`,
    ...legend,
    ...bars,
    '</svg>',
    '',
  ].join('\n')
}

function drawGroup({ title, values }: BarGroup, left: number, format: (value: number) => string): readonly string[] {
  const most = Math.max(...values.map((value) => value ?? 0))
  const bottom = TOP + PLOT_HEIGHT
  const bars = values.flatMap((value, index) => {
    if (value === undefined) return []
    const height = most > 0 ? (value / most) * (PLOT_HEIGHT - 16) : 0
    const x = left + index * (BAR + GAP)
    const y = bottom - height
    return [
      `<rect x="${x}" y="${y.toFixed(1)}" width="${BAR}" height="${height.toFixed(1)}" fill="${colour(index)}"/>`,
      `<text x="${x + BAR / 2}" y="${(y - 4).toFixed(1)}" font-size="9" text-anchor="middle">${escape(format(value))}</text>`,
    ]
  })
  return [...bars, `<text x="${left}" y="${bottom + 18}">${escape(title)}</text>`]
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '#000000'
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
