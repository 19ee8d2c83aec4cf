import type { PluginDefinition, PluginInstance } from '@kong-ts/core/server'
import type { SharedPlugin } from './shared-plugin.js'

/** A plugin instance under the id Kong knows it by, with its running events counted. */
export class ServedInstance {
  readonly id: number
  readonly instance: PluginInstance
  readonly shared: SharedPlugin
  #running = 0
  #lastUsed = performance.now()
  #whenIdle: (() => void) | undefined

  constructor(id: number, instance: PluginInstance, shared: SharedPlugin) {
    this.id = id
    this.instance = instance
    this.shared = shared
  }

  get definition(): PluginDefinition {
    return this.instance.definition
  }

  get busy(): boolean {
    return this.#running > 0
  }

  /** In the time of `performance.now()`. */
  get lastUsed(): number {
    return this.#lastUsed
  }

  touch(): void {
    this.#lastUsed = performance.now()
  }

  eventBegins(): void {
    this.#running++
  }

  eventEnds(): void {
    this.#running--
    if (this.#running === 0) this.#whenIdle?.()
  }

  /** Resolves when no event runs: an event that Kong began before it closed the instance is never cut short. Waited for once, by whoever closes it. */
  async idle(): Promise<void> {
    if (!this.busy) return
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve
    })
  }
}
