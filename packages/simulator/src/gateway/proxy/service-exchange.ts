import type { KongTransaction, PassedBody, ResponseHead, RouteMatch, ServiceRequest, ServiceResponse } from '../../model/index.js'
import { readWholeBody } from '../http/body-pieces.js'
import { type ServiceOutcome, ServiceStream } from '../http/send-service-request.js'
import type { AskingClient, WaitingClient } from '../http/waiting-client.js'
import type { Generation } from '../plugins/generation.js'

/** What running a transaction needs of the gateway. */
export interface TransactionDriver {
  readonly generation: Generation
  readonly worker: number
  readonly client: WaitingClient
  /** Gives a route without service the one that answers for it, if there is one. */
  completeMatch(match: RouteMatch | undefined): RouteMatch | undefined
  /** Asks a service. The client may leave meanwhile. */
  ask(request: ServiceRequest, client: AskingClient): Promise<ServiceOutcome | ServiceResponse>
  /** Called after each step, because it may have logged lines. */
  stepped(): void
}

/** Greatest response that can be held back for response handlers. */
const MOST_BYTES = 500 * 1024 * 1024

/** Asks the service for one request, and passes the response on to the client. */
export class ServiceExchange {
  readonly #transaction: KongTransaction
  readonly #driver: TransactionDriver
  #stream: ServiceStream | undefined

  constructor(transaction: KongTransaction, driver: TransactionDriver) {
    this.#transaction = transaction
    this.#driver = driver
  }

  /** Asks, and gives the transaction the head of the response, or the whole response when Kong buffers it, or the failure. */
  async ask(request: ServiceRequest): Promise<void> {
    const { client } = this.#driver
    const { buffered, match, maxBodyBytes } = this.#transaction
    const asking = {
      // When Kong buffers, it asks in a subrequest, which does not end when the client leaves.
      gone: buffered ? NEVER : client.gone,
      body: client.body,
      bodyTimeoutMs: client.bodyTimeoutMs,
      maxBodyBytes,
    }
    const outcome = await this.#driver.ask(withVerification(request, match), asking)
    if (!(outcome instanceof ServiceStream)) this.#transaction.serviceAnswered(outcome)
    else if (buffered) this.#transaction.serviceAnswered(await held(outcome))
    else {
      this.#stream = outcome
      this.#transaction.serviceAnswered(outcome.head)
    }
  }

  async pass(head: ResponseHead, flushes: boolean): Promise<PassedBody> {
    const stream = this.#stream
    if (stream === undefined) return NOTHING_PASSED
    const { client } = this.#driver
    const leave = (): void => this.leave()
    client.gone.addEventListener('abort', leave)
    const { body: pieces, headLength, timeoutMs, connection } = stream
    const passed = await client.pass(head, { pieces, headLength, timeoutMs, flushes, hasBegun: connection.reader.buffered.length > 0 })
    client.gone.removeEventListener('abort', leave)
    this.leave()
    return passed
  }

  async tunnel(head: ResponseHead): Promise<PassedBody> {
    if (this.#stream === undefined) return NOTHING_PASSED
    const { connection, timeoutMs } = this.#stream
    const passed = await this.#driver.client.tunnel(head, { stream: connection.socket, reader: connection.reader, timeoutMs })
    connection.socket.destroy()
    return passed
  }

  /** Ends the use of the service, even before its response is complete. */
  leave(): void {
    this.#stream?.release()
    this.#stream = undefined
  }
}

/** The signal of a client that never leaves. */
const NEVER = new AbortController().signal
const NOTHING_PASSED: PassedBody = { bytesSent: 0, end: 'service-closed' }

async function held(stream: ServiceStream): Promise<ServiceResponse> {
  const { bytes, end } = await readWholeBody(stream.body, stream.timeoutMs, MOST_BYTES)
  stream.release()
  return { ...stream.head, body: bytes, truncated: end !== 'complete' }
}

/** If no plugin has decided whether the certificate is verified, `tls_verify` of the service does. */
function withVerification(request: ServiceRequest, match: RouteMatch | undefined): ServiceRequest {
  return { ...request, verifiesTls: request.verifiesTls ?? match?.service?.get('tls_verify') === true }
}
