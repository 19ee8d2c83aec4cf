import { createHash } from 'node:crypto'

/**
 * A hash of a plugin and its configuration, the same whatever the order of keys: Kong writes them in another one each time. A hash, because
 * configurations hold secrets.
 *
 * @returns `undefined` for a configuration that is no JSON, or too deep to write.
 */
export function configDigest(plugin: string, configText: string): Buffer | undefined {
  try {
    const canonical = JSON.stringify(JSON.parse(configText), (_key, value: unknown) => (isTable(value) ? sorted(value) : value))
    return createHash('sha256').update(plugin).update('\0').update(canonical).digest()
  } catch {
    return undefined
  }
}

function sorted(table: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
