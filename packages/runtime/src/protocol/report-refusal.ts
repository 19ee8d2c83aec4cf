import { ProtocolError } from './protocol-error.js'
import type { ProtocolOptions } from './protocol-options.js'

/** Counts and logs what costs a connection: bytes that are no message, or a fault of this server's. */
export function reportRefusal(err: unknown, { counters, log }: Pick<ProtocolOptions, 'counters' | 'log'>): void {
  counters.protocolErrors++
  if (err instanceof ProtocolError) log.warn({}, `connection closed: ${err.message}`)
  else log.error({ err }, 'connection closed, a message could not be handled: report this as a bug of kong-ts')
}
