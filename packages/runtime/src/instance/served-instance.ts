import type { PluginDefinition, PluginInstance } from '@kong-ts/core/server'

/** One plugin object for all instances of the same configuration: every nginx worker starts an instance of its own. */
export class SharedPlugin {
  /** Settles when the plugin has started, or has refused its configuration. */
  readonly started: Promise<PluginInstance>
  readonly key: string | undefined
  #holders = 0

  constructor(key: string | undefined, started: Promise<PluginInstance>) {
    this.key = key
    this.started = started
  }

  hold(): void {
    this.#holders++
  }

  /** @returns whether nobody holds it any more. The caller closes it then. */
  release(): boolean {
    this.#holders--
    return this.#holders === 0
  }

  /** Closes the plugin. Waits for its start first. */
  async close(): Promise<void> {
    let instance: PluginInstance
    try {
      instance = await this.started
    } catch {
      // The caller of the start got the error.
      return
    }
    await instance.close()
  }
}

/** A plugin instance under the id that Kong has for it. Counts its running events. */
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

  /** Resolves when no event runs, so that no running event is cut short. Only the one caller that closes the instance may wait. */
  async idle(): Promise<void> {
    if (!this.busy) return
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve
    })
  }
}
