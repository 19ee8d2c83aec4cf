import type { PhaseOutcome, PluginDefinition, PluginInstance } from '@kong-ts/core/server'
import { type Phase } from '@kong-ts/core'
import type { KongTransaction } from '@kong-ts/simulator'
import { CallHistory } from '../mock-pdk/call-history.js'
import { simulatedEvent } from '../mock-pdk/simulated-calls.js'
import type { Stubs } from '../mock-pdk/stubs.js'
import type { HandlerError } from './plugin-test-result.js'

/** The plugin whose handlers a test runs. */
export interface TestedPlugin {
  readonly definition: PluginDefinition
  readonly instance: PluginInstance
  readonly pluginId: string
  readonly stubs: Stubs
  /** The only phase whose handler runs; undefined for all. */
  readonly only: Phase | undefined
}

/** Runs a plugin's handlers, and notes phases, calls and errors. */
export class HandlerRuns {
  readonly history = new CallHistory()
  readonly errors: HandlerError[] = []
  readonly phases: Phase[] = []

  readonly #plugin: TestedPlugin

  constructor(plugin: TestedPlugin) {
    this.#plugin = plugin
  }

  /** Runs the handler of a phase, when there is one and the test asks for it. */
  async run(phase: Phase, kong: Pick<KongTransaction, 'pdkCall' | 'interrupted'>): Promise<void> {
    const { definition, instance, only, pluginId, stubs } = this.#plugin
    const handled = definition.phases.get(phase)
    if (!handled || kong.interrupted || (only !== undefined && only !== phase)) return
    this.phases.push(phase)
    const outcome = await new Promise<PhaseOutcome>((ended) => {
      simulatedEvent({
        transaction: kong,
        plugin: { name: definition.name, id: pluginId },
        phase: handled,
        stubs,
        record: this.history.record,
        lost: (error) => this.errors.push({ phase, error }),
        ended,
      }).start(instance)
    })
    if (outcome.kind === 'failed') this.errors.push({ phase, error: outcome.error })
  }
}
