// The author's API. A plugin imports everything it needs of kong-ts, tsyringe and class-transformer from here: a second copy of either
// library would have an empty registry. Covered by semantic versioning.
import 'reflect-metadata'

// A plugin and its fields.
export { Plugin } from './declaration/decorators.js'
export type { KongProtocol, PhaseOptions, PluginOptions } from './declaration/decorator-options.js'
export { Field } from './declaration/decorators.js'
export type { FieldOptions } from './declaration/decorator-options.js'
export type { EntityCheck } from './declaration/entity-check.js'
export { typedefs } from './declaration/typedefs.js'
export { Expose, Transform, Type } from './declaration/decorators.js'

// Phases and the life of an instance.
export { Access, Certificate, Log, Preread, Response, Rewrite } from './declaration/decorators.js'
export type { Phase } from './phase/phase.js'
export type { PluginLifecycle } from './dispatch/plugin-instance.js'
export type { InstanceMetadata } from './config/sent-config.js'

// Dependency injection: tsyringe's own. Importing tsyringe before reflect-metadata fails; importing it from here does not.
export {
  container,
  delay,
  inject,
  injectable,
  instanceCachingFactory,
  Lifecycle,
  scoped,
  singleton,
  type DependencyContainer,
  type Disposable,
  type InjectionToken,
} from './container/injection.js'

// The PDK.
export { PDK } from './pdk/pdk.js'
export type { PhasePDK } from './pdk/phase-pdk.js'
export { ResponseExit } from './pdk/call/response-exit.js'
export { firstHeader, firstQueryArg, type HeaderMap, type Headers, type QueryMap } from './pdk/values/http-values.js'
export type { HttpMethod } from './pdk/rules/request-rules.js'
export type { BodyOptions } from './pdk/body/read-body.js'
export type { JsonValue } from '@kong-ts/schema'
export type { Consumer, ConsumerGroup, Credential, Route, Service } from './pdk/values/entities.js'
export type { SerializedLog } from './pdk/values/serialized-log.js'
export type { ResponseBody } from './pdk/namespaces/response.js'

// Errors. docs/errors.md lists their codes.
export { KongTsError, type KongTsErrorCode } from './errors/kong-ts-error.js'
export { PluginDefinitionError, type DefinitionProblem } from './errors/plugin-errors.js'
export { ConfigError, type ConfigProblem } from './errors/plugin-errors.js'
export { PhaseTimeoutError } from './errors/plugin-errors.js'
export { PdkArgumentError, PdkBodyError, PdkPhaseError } from './pdk/call/pdk-errors.js'
