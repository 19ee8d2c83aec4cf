import 'reflect-metadata'

export { PHASES, isPhase, type Phase } from './definition/phase.js'
export type { PdkCall } from './pdk/pdk-call.js'
export { KongTsError, type KongTsErrorCode } from './errors/kong-ts-error.js'
export { PDK } from './pdk/pdk.js'
export type { PdkOptions } from './pdk/pdk-channel.js'
export type { PhasePDK } from './pdk/phase-pdk.js'
export { PdkPhaseError } from './pdk/pdk-phase-error.js'
export { PdkArgumentError } from './pdk/pdk-argument-error.js'
export { PdkBodyError } from './pdk/pdk-body-error.js'
export { AmbientPDK, createAmbientPdk } from './container/ambient-pdk.js'
export {
  firstHeader,
  firstQueryArg,
  type HeaderMap,
  type Headers,
  type HeaderValue,
  type QueryMap,
  type QueryValue,
} from './pdk/multi-map.js'
export type { HttpMethod } from './pdk/http-method.js'
export { DEFAULT_BODY_LIMIT, type BodyOptions } from './pdk/body/decode-body.js'
export type { JsonInput } from './pdk/body/json-text.js'
export type {
  Consumer,
  ConsumerGroup,
  Credential,
  EntityReference,
  MemoryStats,
  NginxStatistics,
  Route,
  Service,
  UriCaptures,
  VaultReference,
} from './pdk/entities.js'
export type {
  BalancerTry,
  SerializedLatencies,
  SerializedLog,
  SerializedRequest,
  SerializedResponse,
} from './pdk/serialized-log.js'
export type { ResponseBody, ResponseSource } from './pdk/namespaces/response.js'
export { PDK_METHODS } from './pdk/pdk-methods.js'
export { PdkMethod, type ArgumentCheck, type ArgumentProblem, type PdkEdition } from './pdk/pdk-method.js'
