import type { PluginDefinition } from '@kong-ts/core/server'
import type { CoarseClock } from '../event/coarse-clock.js'
import type { EventRunner } from '../event/event-runner.js'
import type { InstanceRegistry } from '../instance/instance-registry.js'
import type { Counters } from '../metrics/counters.js'
import type { ServerLog } from '../log/server-log.js'
import type { ProtocolLimits } from './limits.js'

/** What either protocol works with. */
export interface ProtocolOptions {
  readonly definitions: ReadonlyMap<string, PluginDefinition>
  readonly instances: InstanceRegistry
  readonly runner: EventRunner
  readonly log: ServerLog
  readonly counters: Counters
  readonly limits: ProtocolLimits
  /** By which events notice that Kong, or their handler, has been silent for too long. */
  readonly clock: Pick<CoarseClock, 'present'>
}
