import type { TestEntities, TestEntity } from './test-entities.js'
import type { ServiceMessage, TestResponse } from './test-message.js'

/** What a test prepares around a request, wherever it runs. Every method returns the same object. */
export abstract class PendingExchange<Upstream> {
  protected routing: Pick<TestEntities, 'route' | 'service'> = {}
  protected answer: Upstream

  constructor(answer: Upstream) {
    this.answer = answer
  }

  /** What the service answers, or how it fails. Default: 200 without a body. */
  upstream(upstream: Upstream): this {
    this.answer = upstream
    return this
  }

  /** The route that matches, over the defaults; null for none. */
  route(route: TestEntity | null): this {
    this.routing = { ...this.routing, route }
    return this
  }

  /** The service behind the route, over the defaults; null for none. */
  withService(service: TestEntity | null): this {
    this.routing = { ...this.routing, service }
    return this
  }
}

/** What client and service got. */
export interface Exchange {
  readonly response: TestResponse | undefined
  readonly connection: 'response' | 'closed' | 'silent'
  readonly serviceRequests: readonly ServiceMessage[]
}

/** Longest part of a body in a report, in characters. */
const LONGEST_BODY = 200

/** Two lines of text: what the client got, and what the service got. */
export function reportExchange({ response, connection, serviceRequests }: Exchange): string {
  const client = response === undefined ? `nothing (connection ${connection})` : `${response.status} ${shortBody(response.text)}`
  const service = serviceRequests.map(({ method, target }) => `${method} ${target}`).join(', ')
  return `client got: ${client.trimEnd()}\nservice got: ${service || 'no request'}`
}

function shortBody(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= LONGEST_BODY ? line : `${line.slice(0, LONGEST_BODY)}…`
}
