import type { KongField } from '@kong-ts/schema'
import type { Constructor } from '../declaration/constructor.js'
import type { Phase } from '../phase/phase.js'
import type { KongEntityCheck, RecordDefinition } from './field-definition.js'

/** How a plugin handles one phase. */
export interface PhaseDefinition {
  readonly phase: Phase
  /** Name of the handler method on the plugin's instances. */
  readonly handler: string | symbol
  /** Lets the request pass when the handler fails, instead of answering 500. */
  readonly failOpen: boolean
  /** Milliseconds until the request is answered with 504; 0 for no limit. */
  readonly timeout: number
}

/** Fields of the plugin entity beside `config`, in Kong's schema form: `protocols`, `consumer`, `route`, `service`. */
export type TopLevelFields = readonly { readonly [name: string]: KongField }[]

/**
 * Everything that kong-ts knows about a plugin, frozen. Schema, config binder, dispatcher and dump read only this, so a definition that was
 * written by hand works wherever a decorated class does.
 */
export interface PluginDefinition {
  readonly name: string
  readonly version: string
  readonly priority: number
  readonly phases: ReadonlyMap<Phase, PhaseDefinition>
  readonly config: RecordDefinition
  readonly topLevelFields: TopLevelFields
  readonly topLevelEntityChecks: readonly KongEntityCheck[]
  /** The oldest Kong that the plugin is for. Newer schema attributes are left out of the dump. Absent: nothing is left out. */
  readonly kongVersion?: string
  readonly pluginClass: Constructor
}
