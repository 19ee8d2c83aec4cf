import type { BodyPieces } from './body-pieces.js'

/** The client as far as a service's answer depends on it. */
export interface AskingClient {
  /** Aborted when it goes away: the service is then left too. */
  readonly gone: AbortSignal
  readonly body: BodyPieces
  /** Longest pause within the body, in ms. */
  readonly bodyTimeoutMs: number
  /** Length beyond which its body is refused. */
  readonly maxBodyBytes: number
}
