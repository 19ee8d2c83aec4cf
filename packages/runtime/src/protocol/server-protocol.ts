import type { Socket } from 'node:net'

/** What a protocol makes of one connection. */
export interface ConnectionHandler {
  /** Takes bytes as they come; they may be overwritten afterwards. */
  receive(chunk: Buffer): void
  closed(): void
}

/** One of Kong's two protocols, as the server sees it. */
export interface ServerProtocol {
  accept(socket: Socket): ConnectionHandler
  /** Drops events whose last call Kong has not answered since then (time of `performance.now()`). */
  dropAbandoned(before: number): void
}
