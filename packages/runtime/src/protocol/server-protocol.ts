import type { Socket } from 'node:net'
import type { KongTsError } from '@kong-ts/core'
import { PHASES_WITH_RESPONSE, isPhase, type PluginDefinition } from '@kong-ts/core/server'
import { ProtocolError } from '../errors/server-errors.js'
import type { CoarseClock } from '../event/coarse-clock.js'
import type { EventRunner } from '../event/event-runner.js'
import type { InstanceRegistry } from '../instance/instance-registry.js'
import type { ServedInstance } from '../instance/served-instance.js'
import type { ServerLog } from '../log/server-log.js'
import type { Counters } from '../metrics/counters.js'
import type { ProtocolLimits } from '../wire/limits.js'

/** One of Kong's two protocols, as the server uses it. */
export interface ServerProtocol {
  accept(socket: Socket): ConnectionHandler
  /** Drops the events whose last PDK call Kong has not answered since `before` (in the time of the clock). */
  dropAbandoned(before: number): void
  /** Ends handlers that have kept Kong waiting since `before`, as if they had thrown `error`. */
  expire?(before: number, error: KongTsError): void
}

/** Reads one connection. */
export interface ConnectionHandler {
  /** Takes the first `length` bytes of the buffer. They may be overwritten after the call. */
  receive(buffer: Buffer, length: number): void
  closed(): void
}

/** What both protocols need from the server. */
export interface ProtocolOptions {
  readonly definitions: ReadonlyMap<string, PluginDefinition>
  readonly instances: InstanceRegistry
  readonly runner: EventRunner
  readonly log: ServerLog
  readonly counters: Counters
  readonly limits: ProtocolLimits
  /** Tells how long Kong, or a handler, has been silent. */
  readonly clock: Pick<CoarseClock, 'present'>
}

/** Counts and logs why a connection is closed: the peer sent bytes that are not a message, or the server failed on a message. */
export function reportRefusal(err: unknown, { counters, log }: Pick<ProtocolOptions, 'counters' | 'log'>): void {
  counters.protocolErrors++
  if (err instanceof ProtocolError) log.warn({}, `connection closed: ${err.message}`)
  else log.error({ err }, 'connection closed, a message could not be handled: report this as a bug of kong-ts')
}

/** An event for a phase that the plugin does not handle: Kong has read a dump of another version of the plugin. */
export interface UnknownPhase {
  readonly text: string
  /** Whether the request must end: what the other version guarded must not pass unguarded. */
  readonly endsRequest: boolean
}

/** Logs an event for a phase that the plugin does not handle. */
export function reportUnknownPhase({ id, definition }: ServedInstance, phase: string, { log }: Pick<ProtocolOptions, 'log'>): UnknownPhase {
  const text = `plugin ${definition.name} does not handle phase ${phase}: Kong knows another version of it, reload Kong`
  log.error({ plugin: definition.name, instance: id }, text)
  return { text, endsRequest: isPhase(phase) && PHASES_WITH_RESPONSE.has(phase) }
}
