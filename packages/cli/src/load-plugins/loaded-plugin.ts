import type { KongSchema } from '@kong-ts/schema'
import type { LateRule } from '@kong-ts/core/tooling'

/** What a command knows of a plugin, whatever it was loaded from. */
export interface LoadedPlugin {
  readonly name: string
  readonly version: string
  readonly priority: number
  readonly phases: readonly string[]
  /** What the server speaks, in the dump's words; `undefined` for a class that no server was started with. */
  readonly protocol: string | undefined
  readonly schema: KongSchema
  /** Rules that Kong cannot check; `undefined` when only the dump is known. */
  readonly lateRules: readonly LateRule[] | undefined
}
