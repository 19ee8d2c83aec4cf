/** The state and the PDK semantics of a simulated Kong, for the drivers in `client/`, `gateway/` and `@kong-ts/testing`. */
export type {
  ArrivedBody,
  BodyFault,
  ClientRequest,
  ClientResponse,
  HeaderList,
  PassedBody,
  ResponseHead,
  ServiceFailure,
  ServiceHead,
  ServiceRequest,
  ServiceResponse,
  UnfinishedBody,
} from './http/messages.js'
export { createKongNode, KONG_VERSION, type KongEntity, type KongNode, type KongNodeOptions } from './node/kong-node.js'
export { isSettingKey, settingsFromConf } from './node/kong-settings.js'
export {
  ConsistentHashingUpstream,
  RoundRobinUpstream,
  type HashSource,
  type KongUpstream,
  type UpstreamTarget,
} from './node/kong-upstream.js'
export { headOverflow } from './request/request-refusal.js'
export type { RouteMatch, RouteQuestion } from './request/route-question.js'
export type { LogLine } from './state/error-log.js'
export type { CallingPlugin, ConnectionPhase, TransactionPhase } from './state/transaction-state.js'
export type { PdkAnswer } from './pdk/answer-call.js'
export { isSimulated } from './pdk/pdk-functions.js'
export { BUNDLED_PLUGINS, type BundledPlugin } from './bundled/bundled-plugins.js'
export type { KongTransaction, NextStep } from './flow/kong-transaction.js'
export { createTransaction } from './flow/create-transaction.js'
export { createConnection, type ClientConnection, type ConnectionTarget, type KongConnection } from './flow/create-connection.js'
