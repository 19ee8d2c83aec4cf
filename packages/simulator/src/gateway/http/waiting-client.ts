import type { ClientRequest, ClientResponse, PassedBody, ResponseHead } from '../../model/index.js'
import type { BodyPieces } from './body-pieces.js'
import type { TunnelEnd } from './carry-tunnel.js'
import type { PassingBody } from './pass-body.js'

/** The one who waits for an answer. One of `respond`, `pass` and `tunnel` is called, once; the log phase may go on after it. */
export interface WaitingClient {
  /** Aborted when the client goes away before it has its answer. */
  readonly gone: AbortSignal
  /** The body of the request. Asking for its first piece sends the interim response a client may wait for. */
  readonly body: BodyPieces
  /** Longest pause within the body, in ms. */
  readonly bodyTimeoutMs: number
  respond(response: ClientResponse): Promise<void>
  /** Sends a head, then a service's body while it comes. */
  pass(head: ResponseHead, body: PassingBody): Promise<PassedBody>
  /** Sends a head, then carries bytes both ways until one side ends. */
  tunnel(head: ResponseHead, service: TunnelEnd): Promise<PassedBody>
}

/** Answers one request in one of the workers. */
export type HandleRequest = (request: ClientRequest, worker: number, client: WaitingClient) => Promise<void>

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
