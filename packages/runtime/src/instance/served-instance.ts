import type { PluginDefinition, PluginInstance } from '@kong-ts/core'

/** A plugin instance under the id Kong knows it by, with its running events counted. */
export class ServedInstance {
  readonly id: number
  readonly instance: PluginInstance
  #running = 0
  #lastUsed = performance.now()
  #whenIdle: (() => void) | undefined

  constructor(id: number, instance: PluginInstance) {
    this.id = id
    this.instance = instance
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

  /** Closes the plugin when its running events are through: an event that Kong began before it closed the instance is never cut short. */
  async close(): Promise<void> {
    if (this.busy) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve
      })
    }
    await this.instance.close()
  }
}
