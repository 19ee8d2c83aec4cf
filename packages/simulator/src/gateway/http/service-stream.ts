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
  /** Gives the connection back for the next request; left out for one that serves no other. */
  readonly keep?: () => void
}

/** The answer of a service: its head, and the connection its body comes on. */
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

  /** Leaves the service; its connection is kept where the body came to its end. */
  release(): void {
    if (this.#keep !== undefined && this.body.end === 'complete') this.#keep()
    else this.connection.socket.destroy()
  }
}
