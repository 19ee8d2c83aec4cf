import type { ServiceHead } from '../../model/index.js'
import type { BodyPieces } from './body-pieces.js'
import type { UpstreamConnection } from './upstream-pool.js'

export interface ServiceStreamParts {
  readonly head: ServiceHead
  readonly headLength: number
  readonly body: BodyPieces
  readonly connection: UpstreamConnection
  /** `read_timeout` of the service, in ms. */
  readonly timeoutMs: number
  /** Gives the connection back for the next request. Missing for a connection that serves only this one. */
  readonly keep?: () => void
}

/** The response of a service: its head, and its body, which is still on the connection. */
export class ServiceStream {
  readonly head: ServiceHead
  readonly headLength: number
  readonly body: BodyPieces
  readonly connection: UpstreamConnection
  readonly timeoutMs: number
  readonly #keep: (() => void) | undefined

  constructor({ head, headLength, body, connection, timeoutMs, keep }: ServiceStreamParts) {
    this.head = head
    this.headLength = headLength
    this.body = body
    this.connection = connection
    this.timeoutMs = timeoutMs
    this.#keep = keep
  }

  /** Ends the use of the connection. Keeps it for the next request if the body is complete, else closes it. */
  release(): void {
    if (this.#keep !== undefined && this.body.end === 'complete') this.#keep()
    else this.connection.socket.destroy()
  }
}
