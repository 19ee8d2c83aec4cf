import { createHash } from 'node:crypto'
import type { InstanceIds } from './instance-ids.js'

/** Ids of ProtoBuf:1 are positive and have 31 bits. */
const HIGHEST = 2 ** 31 - 1

/**
 * Ids made of the plugin and its configuration, the same in every run of the server. ProtoBuf:1 has no message that makes Kong forget an id: Kong 3.5
 * goes on using those of a server that has died, and they are good again as soon as the configuration has been started once more.
 */
export class ConfigIds implements InstanceIds {
  next(plugin: string, configText: string, isTaken: (id: number) => boolean): number {
    const digest = createHash('sha256').update(plugin).update('\0').update(canonicalText(configText)).digest()
    let id = digest.readUInt32LE(0) % HIGHEST + 1
    while (isTaken(id)) id = id === HIGHEST ? 1 : id + 1
    return id
  }
}

/** Kong writes the members of a configuration in another order each time. */
function canonicalText(configText: string): string {
  return JSON.stringify(JSON.parse(configText), (_key, value: unknown) => (isMembers(value) ? Object.entries(value).sort(byKey) : value))
}

function isMembers(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
