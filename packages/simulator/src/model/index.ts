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
  SocketAddress,
  TlsConnection,
  UnfinishedBody,
} from './http/messages.js'
export type { KongEntity, KongNode, KongSettings, KongUpstream } from './node/kong-node.js'
export type {
  CallingPlugin,
  ConnectionPhase,
  KongTransaction,
  LogLine,
  NextStep,
  PdkAnswer,
  RouteMatch,
  RouteQuestion,
  TransactionPhase,
} from './transaction/kong-transaction.js'
export type { ClientConnection, ConnectionTarget, KongConnection } from './transaction/kong-connection.js'
export { createConnection } from './transaction/create-connection.js'
export { headOverflow } from './request/header-buffers.js'
export { createTransaction } from './transaction/create-transaction.js'
export { createKongNode, type KongNodeOptions } from './node/create-kong-node.js'
export { ConsistentHashingUpstream } from './node/consistent-hashing-upstream.js'
export type { HashSource } from './node/hash-source.js'
export { RoundRobinUpstream, type UpstreamTarget } from './node/round-robin-upstream.js'
export { BUNDLED_PLUGINS, type BundledPlugin } from './bundled/bundled-plugins.js'
export { isSettingKey, settingsFromConf } from './node/settings-from-conf.js'
export { isSimulated, pdkFunctionNames } from './pdk/pdk-functions.js'
