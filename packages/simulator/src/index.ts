/**
 * The simulated Kong, for `@kong-ts/testing` and `@kong-ts/cli`. The gateway around it is `@kong-ts/simulator/gateway`.
 *
 * Private, not covered by semantic versioning: any release may change or remove a name.
 *
 * @module
 */

// A node, and requests and connections through it.
export {
  BUNDLED_PLUGINS,
  createConnection,
  createKongNode,
  createTransaction,
  isSimulated,
  settingsFromConf,
  type BundledPlugin,
  type CallingPlugin,
  type ConnectionTarget,
  type KongNode,
  type KongNodeOptions,
  type KongTransaction,
  type LogLine,
  type NextStep,
} from './model/index.js'

// Messages of clients and services.
export type { ClientRequest, ClientResponse, HeaderList, ServiceFailure, ServiceRequest, ServiceResponse } from './model/index.js'

// Entities and routes of a declarative config.
export { createDeclarativeConfig, type DeclarativeConfig, luaEntity } from './gateway/entities/declarative-config.js'
export { splitUrl, stableId } from './gateway/entities/collect-entities.js'
export { isRecord, type JsonRecord } from './gateway/entities/json-record.js'
export { createRouter, type RoutedService, type Router } from './gateway/router/router.js'
export { closeHttpServer } from './gateway/net/listen-on.js'
