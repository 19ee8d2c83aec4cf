import {
  createDeclarativeConfig,
  createKongNode,
  createRouter,
  splitUrl,
  type KongNode,
  type KongNodeOptions,
  type RoutedService,
  type Router,
} from '@kong-ts/simulator'

/** An entity such as a route or service, as in Kong's declarative config. Kong's defaults are filled in. */
export type TestEntity = Readonly<Record<string, unknown>>

/** The entities of a test's Kong. */
export interface TestEntities {
  /** The route that all requests match by default: every path, nothing is stripped. null: no route matches. */
  readonly route?: TestEntity | null
  /** The service behind the route, `http://service.test:80` by default. null: the route has none. */
  readonly service?: TestEntity | null
  readonly consumers?: readonly TestEntity[]
  readonly upstreams?: readonly TestEntity[]
  readonly vaults?: readonly TestEntity[]
}

const DEFAULT_ROUTE: TestEntity = { id: '00000000-0000-4000-8000-000000000002', name: 'test-route', paths: ['/'], strip_path: false }
const DEFAULT_SERVICE: TestEntity = { id: '00000000-0000-4000-8000-000000000001', name: 'test-service', host: 'service.test', port: 80 }

/** The route with the defaults of tests; undefined for none. */
export function testRoute(route: TestEntity | null | undefined): TestEntity | undefined {
  return route === null ? undefined : { ...DEFAULT_ROUTE, ...route }
}

/** The service with the defaults of tests and its `url` split into its parts; undefined for none. */
export function testService(service: TestEntity | null | undefined): TestEntity | undefined {
  return service === null ? undefined : { ...DEFAULT_SERVICE, ...splitUrl(service ?? {}, 'test: service') }
}

/** A node and a router made of a test's entities. */
export interface TestKong {
  readonly node: KongNode
  readonly router: Router
  readonly routes: readonly RoutedService[]
}

/** @throws KongTsError (ERR_GATEWAY_CONFIG) that names the key of a wrong entity. */
export function createTestKong(entities: TestEntities, options: KongNodeOptions): TestKong {
  const { consumers = [], upstreams = [], vaults = [] } = entities
  const route = testRoute(entities.route)
  const service = testService(entities.service)
  const routes = route === undefined ? [] : [route]
  const nested = service === undefined ? { routes } : { services: [{ ...service, routes }] }
  const config = createDeclarativeConfig(
    { _format_version: '3.0', ...nested, consumers, upstreams, vaults },
    'test',
    Math.floor((options.now?.() ?? Date.now()) / 1000),
  )
  return {
    router: createRouter(config.routes),
    routes: config.routes,
    node: createKongNode({
      consumers: config.consumers,
      credentials: config.credentials,
      upstreams: config.upstreams,
      vaults: config.vaults,
      ...options,
    }),
  }
}
