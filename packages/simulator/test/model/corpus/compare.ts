import { isRecord } from './normalise.js'

/** One place where a replay differs from the recording. */
export interface Difference {
  readonly path: string
  readonly expected: unknown
  readonly got: unknown
}

/** Compares a recording with a replay. `pdk-corpus.md` describes `$varies`, `$unordered` and `$json` of the recording. */
export function compare(expected: unknown, got: unknown, path = ''): Difference[] {
  if (isRecord(expected)) return compareRecord(expected, got, path)
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return [{ path, expected, got }]
    return expected.flatMap((item, index) => compare(item, got[index], `${path}.${index}`))
  }
  return expected === got ? [] : [{ path, expected, got }]
}

function compareRecord(expected: Readonly<Record<string, unknown>>, got: unknown, path: string): Difference[] {
  if (expected['$varies'] !== undefined) return []
  if (Array.isArray(expected['$unordered'])) return sameItems(expected['$unordered'], got) ? [] : [{ path, expected, got }]
  if ('$json' in expected && !(isRecord(got) && '$json' in got))
    return compare(expected['$json'], parsed(path.endsWith('.$bin') && typeof got === 'string' ? { $bin: got } : got), `${path}<json>`)
  if (!isRecord(got)) return [{ path, expected, got }]
  const keys = new Set([...Object.keys(expected), ...Object.keys(got)])
  return [...keys].flatMap((key) => {
    const [left, right] = [expected[key], got[key]]
    if (left === undefined && right === undefined) return []
    if (isRecord(left) && left['$varies'] !== undefined) return []
    return key in expected && key in got ? compare(left, right, `${path}.${key}`) : [{ path: `${path}.${key}`, expected: left, got: right }]
  })
}

function sameItems(expected: readonly unknown[], got: unknown): boolean {
  const sorted = (list: readonly unknown[]): string =>
    list
      .map((item) => JSON.stringify(item))
      .sort()
      .join()
  return Array.isArray(got) && sorted(expected) === sorted(got)
}

function parsed(got: unknown): unknown {
  const text =
    typeof got === 'string'
      ? got
      : isRecord(got) && typeof got['$bin'] === 'string'
        ? Buffer.from(got['$bin'], 'base64').toString('utf8')
        : undefined
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
