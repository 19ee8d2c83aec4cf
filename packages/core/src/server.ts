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
export { EventRun, type EventCarrier, type EventRunOptions } from './dispatch/event-run.js'
export { failureAnswer, type PhaseOutcome } from './dispatch/phase-outcome.js'
export { FINAL_METHODS } from './pdk/response-exit.js'
export type { PdkCall } from './pdk/pdk-call.js'
export type { PdkOptions } from './pdk/pdk-channel.js'
export { PDK_METHODS } from './pdk/pdk-methods.js'
export { PdkMethod, type ArgumentCheck, type ArgumentProblem, type PdkEdition } from './pdk/pdk-method.js'
