export { LuaTable, luaType, type LuaKey, type LuaValue } from './model/lua/lua-value.js'
export { bytesToText, textToBytes, utf8ToText } from './model/lua/lua-text.js'
export { decodeJson } from './model/lua/decode-json.js'
export { encodeJson } from './model/lua/encode-json.js'
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
} from './model/http/messages.js'
export type { KongEntity, KongNode, KongSettings, KongUpstream } from './model/node/kong-node.js'
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
} from './model/transaction/kong-transaction.js'
export type { ClientConnection, ConnectionTarget, KongConnection } from './model/transaction/kong-connection.js'
export { createConnection } from './model/transaction/create-connection.js'
export { headOverflow } from './model/request/header-buffers.js'
export { createTransaction } from './model/transaction/create-transaction.js'
export { createKongNode, type KongNodeOptions } from './model/node/create-kong-node.js'
export { ConsistentHashingUpstream } from './model/node/consistent-hashing-upstream.js'
export type { HashSource } from './model/node/hash-source.js'
export { RoundRobinUpstream, type UpstreamTarget } from './model/node/round-robin-upstream.js'
export { BUNDLED_PLUGINS, type BundledPlugin } from './model/bundled/bundled-plugins.js'
export { isSettingKey, settingsFromConf } from './model/node/settings-from-conf.js'
export { spreadArguments, argumentsOf } from './model/lua/lua-arguments.js'
export { isSimulated, pdkFunctionNames } from './model/pdk/pdk-functions.js'

// Entities and routes of a declarative config.
export { createDeclarativeConfig, type DeclarativeConfig, luaEntity } from './gateway/entities/declarative-config.js'
export { splitUrl, stableId } from './gateway/entities/collect-entities.js'
export { isRecord, type JsonRecord } from './gateway/entities/json-record.js'
export { createRouter, type RoutedService, type Router } from './gateway/router/router.js'
export { closeHttpServer } from './gateway/net/listen-on.js'
