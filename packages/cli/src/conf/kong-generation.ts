import { isNewerKong } from '@kong-ts/schema'
import { PluginFileError } from '../load-plugins/plugin-file-error.js'

/** The oldest Kong with plugin servers of this kind. */
const OLDEST_KONG = '2.8'

/** What `kong.conf` depends on in a version of Kong. */
export interface KongGeneration {
  /** True when Kong takes every plugin of a dump. From 3.9 on it takes only the first, so each plugin needs an entry of its own. */
  readonly takesWholeDumps: boolean
  /** Facts about plugin servers on this Kong, one line each. */
  readonly notes: readonly string[]
}

/** Each note holds from its first version on, and before its second. */
const NOTES: readonly (readonly [from: string, before: string, note: string])[] = [
  ['2.8', '3.1', 'a configuration that the plugin refuses leaves a worker waiting for ever: look at it with kong-ts check before'],
  ['3.1', '3.5', 'a server has 20 s to listen after its worker has started, or its plugins are skipped'],
  ['3.5', '3.6', 'prefer MsgPack:1, on which a notification clears instances that Kong would ask for again and again'],
  ['3.6', '3.7', '3.6.0 and 3.6.1 never send a changed configuration to the plugin server: use 3.6.2 or newer'],
]

/** @throws PluginFileError for a text that is not a version, or a version without plugin servers of this kind. */
export function kongGeneration(version: string): KongGeneration {
  if (!/^\d+(\.\d+)+$/.test(version) || isNewerKong(OLDEST_KONG, version))
    throw new PluginFileError(`--kong ${version} is not a Kong from 2.8 on: use a version such as 3.9`)
  return {
    takesWholeDumps: isNewerKong('3.9', version),
    notes: NOTES.flatMap(([from, before, note]) => (!isNewerKong(from, version) && isNewerKong(before, version) ? [note] : [])),
  }
}
