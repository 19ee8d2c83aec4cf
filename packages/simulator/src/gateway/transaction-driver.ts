import type { RouteMatch, ServiceRequest, ServiceResponse } from '../model/index.js'
import type { Generation } from './generation.js'
import type { AskingClient } from './http/asking-client.js'
import type { ServiceOutcome } from './http/send-service-request.js'
import type { WaitingClient } from './http/waiting-client.js'

/** What a transaction needs of the world around it. */
export interface TransactionDriver {
  readonly generation: Generation
  readonly worker: number
  readonly client: WaitingClient
  /** Stands in for a service where the config names none. */
  completeMatch(match: RouteMatch | undefined): RouteMatch | undefined
  /** Asks a service, for a client that may leave meanwhile. */
  ask(request: ServiceRequest, client: AskingClient): Promise<ServiceOutcome | ServiceResponse>
  /** Called after each step: lines may have been logged. */
  stepped(): void
}
