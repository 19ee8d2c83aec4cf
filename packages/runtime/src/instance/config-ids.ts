import { configDigest } from './config-digest.js'
import type { InstanceIds } from './instance-ids.js'

/** Ids of ProtoBuf:1 are positive and have 31 bits. */
const HIGHEST = 2 ** 31 - 1

/**
 * Ids made of the plugin and its configuration, the same in every run of the server. ProtoBuf:1 has no message that makes Kong forget an
 * id: Kong 3.5 goes on using those of a server that has died, and they are good again as soon as the configuration has been started once
 * more.
 */
export class ConfigIds implements InstanceIds {
  next(plugin: string, configText: string, isTaken: (id: number) => boolean): number {
    const digest = configDigest(plugin, configText)
    let id = ((digest?.readUInt32LE(0) ?? 0) % HIGHEST) + 1
    while (isTaken(id)) id = id === HIGHEST ? 1 : id + 1
    return id
  }
}
