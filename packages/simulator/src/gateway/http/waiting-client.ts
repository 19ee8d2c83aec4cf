import type { Duplex } from 'node:stream'
import type { ClientRequest, ClientResponse, PassedBody, ResponseHead } from '../../model/index.js'
import type { ByteReader } from '../net/byte-reader.js'
import type { BodyPieces } from './body-pieces.js'
import type { PassingBody } from './pass-body.js'

/** One end of a tunnel. */
export interface TunnelEnd {
  readonly stream: Duplex
  readonly reader: ByteReader
  /** Longest time in which neither end sends, in ms. */
  readonly timeoutMs: number
}

/** The client of one request. Exactly one of `respond`, `pass` and `tunnel` is called, once; the log phase may run after it. */
export interface WaitingClient {
  /** Aborted when the client leaves before it has its answer. */
  readonly gone: AbortSignal
  /** The body of the request. Asking for its first piece sends `100 Continue` if the client waits for that. */
  readonly body: BodyPieces
  /** Longest pause within the body, in ms. */
  readonly bodyTimeoutMs: number
  respond(response: ClientResponse): Promise<void>
  /** Sends a head, then the body of a service's response while it arrives. */
  pass(head: ResponseHead, body: PassingBody): Promise<PassedBody>
  /** Sends a head, then carries bytes in both directions until one side ends. */
  tunnel(head: ResponseHead, service: TunnelEnd): Promise<PassedBody>
}

/** Answers one request in one of the workers. */
export type HandleRequest = (request: ClientRequest, worker: number, client: WaitingClient) => Promise<void>

/** What asking a service needs of the client. */
export interface AskingClient {
  /** Aborted when the client leaves; the connection to the service is then closed too. */
  readonly gone: AbortSignal
  readonly body: BodyPieces
  /** Longest pause within the body, in ms. */
  readonly bodyTimeoutMs: number
  /** Greatest length of its body; a longer one is refused. */
  readonly maxBodyBytes: number
}
