/**
 * Whether a version of Kong came after another; what a version leaves open counts as 0.
 *
 * @param version such as `3.4` or `3.9.1`.
 */
export function isNewerKong(version: string, other: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(other)]
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}

function numbersOf(version: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number)
}
