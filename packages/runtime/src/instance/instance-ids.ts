import { createHash, randomInt } from 'node:crypto'

/** Gives instances their ids. */
export interface InstanceIds {
  /** @param isTaken tells whether a running instance has an id. */
  next(plugin: string, configText: string, isTaken: (id: number) => boolean): number
}

/**
 * Ids that are unique while this process lives. Their high part is random and differs between runs, so that an id of a server that has died
 * means nothing to the next one.
 */
export class IdSequence implements InstanceIds {
  #next = randomInt(1, 2 ** 20) * 2 ** 32

  next(): number {
    return this.#next++
  }
}

/** Ids of ProtoBuf:1 are positive and have 31 bits. */
const HIGHEST_CONFIG_ID = 2 ** 31 - 1

/**
 * Ids made of the plugin and its configuration, the same in every run of the server. ProtoBuf:1 has no message that makes Kong forget an id.
 * Kong 3.5 goes on using the ids of a server that has died, and they are valid again when the configuration has been started once more.
 */
export class ConfigIds implements InstanceIds {
  next(plugin: string, configText: string, isTaken: (id: number) => boolean): number {
    const digest = configDigest(plugin, configText)
    let id = ((digest?.readUInt32LE(0) ?? 0) % HIGHEST_CONFIG_ID) + 1
    while (isTaken(id)) id = id === HIGHEST_CONFIG_ID ? 1 : id + 1
    return id
  }
}

/**
 * Identifies a plugin with its configuration: two StartInstance calls with the same key mean the same. The order of keys in the configuration does
 * not count; Kong's own keys (plugin id, `__seq__`) do.
 *
 * @returns `undefined` when Kong does not say which plugin entity it is. Such an instance shares nothing.
 */
export function sharingKey(plugin: string, configText: string): string | undefined {
  return namesEntity(configText) ? configDigest(plugin, configText)?.toString('base64') : undefined
}

function namesEntity(configText: string): boolean {
  let config: unknown
  try {
    config = JSON.parse(configText)
  } catch {
    // Starting the instance reports the mistake.
    return false
  }
  if (typeof config !== 'object' || config === null) return false
  return ('__plugin_id' in config && typeof config.__plugin_id === 'string') || ('__key__' in config && typeof config.__key__ === 'string')
}

/**
 * Hashes a plugin and its configuration, whatever the order of keys: Kong writes them in another order each time. A hash, because configurations
 * hold secrets.
 *
 * @returns `undefined` when the configuration is not JSON, or too deep.
 */
function configDigest(plugin: string, configText: string): Buffer | undefined {
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
