import type { Socket } from 'node:net'
import type { KongTsError } from '@kong-ts/core'

/** What a protocol makes of one connection. */
export interface ConnectionHandler {
  /** Takes bytes as they come: the first `length` of the buffer, which may be overwritten afterwards. */
  receive(buffer: Buffer, length: number): void
  closed(): void
}

/** One of Kong's two protocols, as the server sees it. */
export interface ServerProtocol {
  accept(socket: Socket): ConnectionHandler
  /** Drops events whose last call Kong has not answered since then (time of the clock). */
  dropAbandoned(before: number): void
  /** Ends the handlers of events whose next message Kong has waited for since then, as a failure with this error would. */
  expire?(before: number, error: KongTsError): void
}
