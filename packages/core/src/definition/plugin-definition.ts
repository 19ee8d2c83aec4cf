import type { KongField } from '@kong-ts/schema'
import type { Constructor } from '../declaration/constructor.js'
import type { KongEntityCheck, RecordDefinition } from './field-definition.js'
import type { Phase } from '../phase/phase.js'

/** How one phase of a plugin is handled. */
export interface PhaseDefinition {
  readonly phase: Phase
  /** Name of the handler method on the plugin's instances. */
  readonly handler: string | symbol
  /** Let the request pass when the handler fails, instead of answering 500. */
  readonly failOpen: boolean
  /** Milliseconds until the handler is given up and the request answered with 504; 0 for no deadline. */
  readonly timeout: number
}

/** Fields of the plugin entity beside `config`, in Kong's schema form: `protocols`, `consumer`, `route`, `service`. */
export type TopLevelFields = readonly { readonly [name: string]: KongField }[]

/**
 * Everything kong-ts knows of a plugin, frozen. Schema, config binder, dispatcher and dump read this and nothing else,
 * so a definition written by hand works wherever a decorated class does.
 */
export interface PluginDefinition {
  readonly name: string
  readonly version: string
  readonly priority: number
  readonly phases: ReadonlyMap<Phase, PhaseDefinition>
  readonly config: RecordDefinition
  readonly topLevelFields: TopLevelFields
  readonly topLevelEntityChecks: readonly KongEntityCheck[]
  /** The oldest Kong the plugin is for; newer schema attributes are left out of the dump. Absent: nothing is left out. */
  readonly kongVersion?: string
  readonly pluginClass: Constructor
}
