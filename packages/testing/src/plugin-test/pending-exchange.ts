import type { TestEntities, TestEntity } from './test-entities.js'

/** What a test prepares around a request, wherever it runs; every method gives the same object back. */
export abstract class PendingExchange<Upstream> {
  protected routing: Pick<TestEntities, 'route' | 'service'> = {}

  constructor(protected answer: Upstream) {}

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
