import 'reflect-metadata'

// What a plugin is written with.
export { Plugin } from './declaration/plugin.js'
export { Field } from './declaration/field.js'
export { fields } from './declaration/named-fields.js'
export { Access, Certificate, Log, Preread, Response, Rewrite } from './declaration/phase.js'
export type { KongProtocol, PluginOptions } from './declaration/plugin-options.js'
export type { EntityCheck } from './declaration/entity-check.js'
export type { FieldOptions } from './declaration/field-options.js'
export type { PhaseOptions } from './declaration/phase-options.js'
export type { PluginLifecycle } from './dispatch/plugin-instance.js'
export type { InstanceMetadata } from './config/instance-metadata.js'
export type { Phase } from './phase/phase.js'

// Dependency injection is tsyringe's. It is offered here too, because importing it before reflect-metadata fails.
export { Lifecycle, container, delay, inject, injectable, scoped, singleton, type Disposable } from 'tsyringe'

// Hints of class-transformer that `@Field` follows.
export { Expose, Transform, Type } from 'class-transformer'

// The PDK.
export { PDK } from './pdk/pdk.js'
export type { PhasePDK } from './pdk/phase-pdk.js'
export { ResponseExit } from './pdk/call/response-exit.js'
export {
  firstHeader,
  firstQueryArg,
  type HeaderMap,
  type Headers,
  type HeaderValue,
  type QueryMap,
  type QueryValue,
} from './pdk/values/multi-map.js'
export { HTTP_METHODS, type HttpMethod } from './pdk/rules/request-rules.js'
export { DEFAULT_BODY_LIMIT, type BodyOptions } from './pdk/body/read-body.js'
export type { JsonInput } from './pdk/body/write-json.js'
export type { JsonValue } from '@kong-ts/schema'
export type {
  Consumer,
  ConsumerGroup,
  Credential,
  EntityReference,
  MemoryStats,
  NginxStatistics,
  Route,
  Service,
  VaultReference,
} from './pdk/values/entities.js'
export type { UriCaptures } from './pdk/values/uri-captures.js'
export type {
  BalancerTry,
  SerializedLatencies,
  SerializedLog,
  SerializedRequest,
  SerializedResponse,
} from './pdk/values/serialized-log.js'
export type { ResponseBody, ResponseSource } from './pdk/namespaces/response.js'

// Errors.
export { KongTsError, type KongTsErrorCode } from './errors/kong-ts-error.js'
export { PluginDefinitionError } from './errors/plugin-definition-error.js'
export type { DefinitionProblem } from './errors/definition-problem.js'
export { ConfigError, type ConfigProblem } from './errors/config-error.js'
export { PhaseTimeoutError } from './errors/phase-timeout-error.js'
export { PdkArgumentError, PdkBodyError, PdkPhaseError } from './pdk/call/pdk-errors.js'
