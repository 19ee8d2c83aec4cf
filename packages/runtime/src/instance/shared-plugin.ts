import type { PluginInstance } from '@kong-ts/core/server'

/** One plugin object, which all instances of the same configuration use: every nginx worker starts an instance of its own. */
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

  /** @returns whether nobody holds it any more: its owner closes it then. */
  release(): boolean {
    this.#holders--
    return this.#holders === 0
  }

  /** Closes the plugin, once it has started if it still does. */
  async close(): Promise<void> {
    let instance: PluginInstance
    try {
      instance = await this.started
    } catch {
      // Whoever started it was told.
      return
    }
    await instance.close()
  }
}
