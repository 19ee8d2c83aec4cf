import { PHASES_WITH_RESPONSE, isPhase } from '@kong-ts/core/server'
import type { ServedInstance } from '../instance/served-instance.js'
import type { ProtocolOptions } from './protocol-options.js'

/** A phase that a plugin has no handler for: Kong read a dump of another version of it. */
export interface UnknownPhase {
  readonly text: string
  /** What that version guarded must not pass unguarded. */
  readonly endsRequest: boolean
}

/** Logs an event for a phase that the plugin does not handle. */
export function reportUnknownPhase({ id, definition }: ServedInstance, phase: string, { log }: Pick<ProtocolOptions, 'log'>): UnknownPhase {
  const text = `plugin ${definition.name} does not handle phase ${phase}: Kong knows another version of it, reload Kong`
  log.error({ plugin: definition.name, instance: id }, text)
  return { text, endsRequest: isPhase(phase) && PHASES_WITH_RESPONSE.has(phase) }
}
