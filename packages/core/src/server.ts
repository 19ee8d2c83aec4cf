// Private: what a plugin server and a stand-in for Kong run plugins with. Not covered by semantic versioning.
import 'reflect-metadata'

export { PHASES, PHASES_WITH_RESPONSE, isPhase } from './phase/phase.js'
export type { Constructor } from './declaration/constructor.js'
export { isPluginClass } from './declaration/metadata-store.js'
export { buildPluginDefinition } from './definition/build-plugin-definition.js'
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
export { createConfigBinder, type ConfigBinder, type ReadConfig } from './config/config-binder.js'
export { createPluginContainer, type PluginContainer, type ProviderOverride } from './container/plugin-container.js'
export { AmbientPDK, createAmbientPdk } from './container/ambient-pdk.js'
export { startPluginInstance, type PluginInstance } from './dispatch/plugin-instance.js'
export { dispatchPhase, runPhase } from './dispatch/phase-dispatcher.js'
export type { DispatchOptions, PhaseEnd } from './dispatch/phase-run.js'
export { EventCalls, type CallCarrier, type CallWatch } from './dispatch/event-calls.js'
export { failureAnswer } from './dispatch/failure-answer.js'
export type { PhaseOutcome } from './dispatch/phase-outcome.js'
export { FINAL_METHODS } from './pdk/call/response-exit.js'
export type { PdkCall, PdkOptions } from './pdk/call/pdk-channel.js'
export { PDK_METHODS } from './pdk/methods/pdk-methods.js'
export { PdkMethod, type ArgumentCheck, type ArgumentProblem, type PdkEdition } from './pdk/call/pdk-method.js'
