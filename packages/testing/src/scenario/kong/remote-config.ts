import type { JsonRecord } from '@kong-ts/simulator'

/** How a Kong is told its entities. */
export interface RemoteConfig {
  /** Has Kong take a declarative config in place of the one before. It may use it a moment later. */
  use(document: JsonRecord): Promise<void>
  /** Puts Kong back to what it was before the first `use`. */
  restore(): Promise<void>
}
