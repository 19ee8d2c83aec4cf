import 'reflect-metadata'

// What a plugin is written with.
export { Plugin } from './decorators/plugin.js'
export { Field } from './decorators/field.js'
export { fields } from './decorators/named-fields.js'
export { Access, Certificate, Log, Preread, Response, Rewrite } from './decorators/phase.js'
export type { KongProtocol, PluginOptions } from './decorators/plugin-options.js'
export type {
  ConditionalAtLeastOneOf,
  ConditionalCheck,
  EntityCheck,
  FieldMatch,
  FieldNames,
  MatchedElement,
} from './decorators/entity-check.js'
export type { FieldOptions } from './decorators/field-options.js'
export type { FieldTypeName, FieldTypeOption, KongEntity } from './decorators/field-type-option.js'
export type { Deprecation, FieldNotes } from './decorators/field-notes.js'
export type { PatternRule, ValueRules } from './decorators/value-rules.js'
export type { ElementOption, ElementOptions, ForeignElement, ListElement, MapElement, RecordElement } from './decorators/element-options.js'
export type { BooleanElement, NumberElement, TextElement } from './decorators/scalar-element.js'
export type { PhaseOptions } from './decorators/phase-options.js'
export type { PluginInstance, PluginLifecycle } from './dispatch/plugin-instance.js'
export { createConfigBinder, type ConfigBinder, type ReadConfig } from './config/config-binder.js'
export { describeProblems } from './config/describe-problems.js'
export { describeLateRules, type LateRule } from './config/late-rules.js'
export type { InstanceMetadata } from './config/instance-metadata.js'
export { PDK } from './pdk/pdk.js'
export type { PhasePDK } from './pdk/phase-pdk.js'

// Dependency injection is tsyringe's. It is offered here too, because importing it before reflect-metadata fails.
export { Lifecycle, container, inject, injectable, scoped, singleton } from 'tsyringe'

// The definition, and what is made of it.
export { PHASES, PHASES_WITH_RESPONSE, isPhase, type Phase } from './definition/phase.js'
export { buildPluginDefinition } from './definition/build-plugin-definition.js'
export { isPluginClass } from './metadata/metadata-store.js'
export type { Constructor } from './metadata/constructor.js'
export type { PhaseDefinition, PluginDefinition, TopLevelFields } from './definition/plugin-definition.js'
export type {
  ElementDefinition,
  FieldAttributes,
  FieldDefinition,
  FieldType,
  KongEntityCheck,
  MapContainer,
  RecordDefinition,
  ScalarKind,
} from './definition/field-definition.js'
export type { JsonValue, KongField, KongFieldType, KongFields, KongSchema } from './schema/kong-schema.js'
export { generateSchema, generateSchemaFor, oldestKongVersion } from './schema/generate-schema.js'
export { generateConfigType } from './schema/formats/config-type.js'
export { generateJsonSchema } from './schema/formats/json-schema.js'
export { generateSchemaLua } from './schema/formats/schema-lua.js'
export { fieldNamed, namedFields, partOf } from './schema/schema-parts.js'
export { fitSchema, oldestKongFor, type FittedSchema } from './schema/fit-schema.js'
export { RULE_TABLE } from './schema/rule-table.js'
export type { RuleContext, RuleRow, Translation } from './schema/rules/rule-row.js'

// Running a plugin: for plugin servers and stand-ins.
export type { PdkCall } from './pdk/pdk-call.js'
export { createPluginContainer, type PluginContainer, type ProviderOverride } from './container/plugin-container.js'
export { startPluginInstance } from './dispatch/plugin-instance.js'
export { dispatchPhase, runPhase } from './dispatch/phase-dispatcher.js'
export type { DispatchOptions, PhaseEnd } from './dispatch/phase-run.js'
export { EventCalls, type CallCarrier, type CallWatch } from './dispatch/event-calls.js'
export { failureAnswer } from './dispatch/failure-answer.js'
export type { PhaseOutcome } from './dispatch/phase-outcome.js'
export { FINAL_METHODS, ResponseExit } from './dispatch/response-exit.js'

// Errors.
export { KongTsError, type KongTsErrorCode } from './errors/kong-ts-error.js'
export { PluginDefinitionError } from './errors/plugin-definition-error.js'
export type { DefinitionProblem } from './errors/definition-problem.js'
export { ConfigError, type ConfigProblem } from './errors/config-error.js'
export { PhaseTimeoutError } from './errors/phase-timeout-error.js'
export { PdkPhaseError } from './pdk/pdk-phase-error.js'
export { PdkArgumentError } from './pdk/pdk-argument-error.js'
export { PdkBodyError } from './pdk/pdk-body-error.js'

// The PDK.
export type { PdkOptions } from './pdk/pdk-channel.js'
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
export { HTTP_METHODS, type HttpMethod } from './pdk/http-method.js'
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

// Kong's schema language.
export {
  checkSchema,
  createSchemaChecker,
  type SchemaCheckOptions,
  type SchemaChecker,
  type SchemaProblem,
} from './schema/check/check-schema.js'
export type { SchemaVerdict } from './schema/check/judge-schema.js'
export {
  completeConfig,
  createConfigCompleter,
  type ConfigCompleter,
  type ConfigCompleterOptions,
  type ConfigOutcome,
} from './schema/complete/config-completer.js'
export { checkLuaPattern } from './schema/lua-pattern/check-lua-pattern.js'
export { regexpToLuaPattern, type LuaTranslation } from './schema/lua-pattern/regexp-to-lua-pattern.js'
