import { PluginFileError } from '../load-plugins/plugin-file-error.js'

/** A Kong as `kong.conf` knows it. */
export interface KongGeneration {
  /** Kong takes every plugin of a dump; from 3.9 on only the first, so that each needs a server entry of its own. */
  readonly takesWholeDumps: boolean
  /** What is to be known about plugin servers on this Kong, one line each. */
  readonly notes: readonly string[]
}

/** Versions from which on, and before which, a note holds: 3.9 is 309. */
const NOTES: readonly (readonly [from: number, before: number, note: string])[] = [
  [208, 301, 'a configuration that the plugin refuses leaves a worker waiting for ever: look at it with kong-ts check before'],
  [301, 305, 'a server has 20 s to listen after its worker has started, or its plugins are skipped'],
  [305, 306, 'prefer MsgPack:1, on which a notification clears instances that Kong would ask for again and again'],
  [306, 307, '3.6.0 and 3.6.1 never send a changed configuration to the plugin server: use 3.6.2 or newer'],
]

/** @throws PluginFileError for what is no version of Kong that has plugin servers of this kind. */
export function kongGeneration(version: string): KongGeneration {
  const [, major, minor] = /^(\d+)\.(\d{1,2})(\.\d+)*$/.exec(version) ?? []
  const order = major === undefined || minor === undefined ? 0 : Number(major) * 100 + Number(minor)
  if (order < 208) throw new PluginFileError(`--kong ${version} is no Kong from 2.8 on: say a version such as 3.9`)
  return { takesWholeDumps: order < 309, notes: NOTES.flatMap(([from, before, note]) => (order >= from && order < before ? [note] : [])) }
}
