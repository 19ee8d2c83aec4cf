import { createHash } from 'node:crypto'

/**
 * What tells that two StartInstance calls mean the same: the plugin, and a configuration that is equal whatever the order of its keys, Kong's
 * own keys (plugin id, `__seq__`) included. A hash, because configurations hold secrets.
 *
 * @returns `undefined` where Kong does not say which plugin entity it is: then nothing is shared.
 */
export function sharingKey(plugin: string, configText: string): string | undefined {
  try {
    const config: unknown = JSON.parse(configText)
    if (!isTable(config)) return undefined
    if (typeof config['__plugin_id'] !== 'string' && typeof config['__key__'] !== 'string') return undefined
    const canonical = JSON.stringify(config, (_key, value: unknown) => (isTable(value) ? sorted(value) : value))
    return createHash('sha256').update(plugin).update('\0').update(canonical).digest('base64')
  } catch {
    // No JSON, or too deep to write: starting the instance says what is wrong with it.
    return undefined
  }
}

function sorted(table: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
