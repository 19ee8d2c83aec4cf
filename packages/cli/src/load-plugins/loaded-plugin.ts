import type { LateRule } from '@kong-ts/core/tooling'
import type { KongSchema } from '@kong-ts/schema'

/** What commands know of a plugin. */
export interface LoadedPlugin {
  readonly name: string
  readonly version: string
  readonly priority: number
  readonly phases: readonly string[]
  /** The protocol that the server speaks, as in its dump; `undefined` for a class without a server. */
  readonly protocol: string | undefined
  readonly schema: KongSchema
  /** Rules that Kong cannot check; `undefined` when only the dump is known. */
  readonly lateRules: readonly LateRule[] | undefined
}
