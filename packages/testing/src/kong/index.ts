export { LuaTable, luaType, type LuaKey, type LuaValue } from './lua/lua-value.js'
export { argumentsOf, spreadArguments } from './lua/lua-arguments.js'
export { bytesToText, textToBytes, utf8ToText } from './lua/lua-text.js'
export { decodeJson } from './lua/decode-json.js'
export { encodeJson } from './lua/encode-json.js'
export type {
  ClientRequest,
  ClientResponse,
  HeaderList,
  ServiceFailure,
  ServiceRequest,
  ServiceResponse,
  SocketAddress,
  TlsConnection,
} from './http/messages.js'
export type { KongEntity, KongNode, KongSettings, KongUpstream } from './node/kong-node.js'
export type {
  CallingPlugin,
  KongTransaction,
  LogLine,
  NextStep,
  PdkAnswer,
  RouteMatch,
  RouteQuestion,
  TransactionPhase,
} from './transaction/kong-transaction.js'
