import { SchemaError } from '../language/schema-error.js'

/** The newest version of Kong that kong-ts knows. */
export const NEWEST_KONG_VERSION = '3.10'

/**
 * Whether a version of Kong came after another. Numbers are compared as numbers: 3.10 came after 3.9. What a version leaves open counts as 0.
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

/**
 * @throws SchemaError (`ERR_KONG_VERSION`) when the text is not a version of Kong 2.8 or newer, such as `3.4`, `3.9.1` or `2.8.0`.
 */
export function assertKongVersion(version: string): void {
  if (!/^\d{1,3}\.\d{1,3}(?:\.\d+)*(?:-[\w.]+)?$/.test(version) || isNewerKong('2.8', version)) {
    throw new SchemaError('ERR_KONG_VERSION', `"${version}" is not a version of Kong 2.8 or newer. Write it as 3.9 or 3.9.1.`)
  }
}
