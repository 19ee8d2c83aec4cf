import { startPluginInstance, type PluginContainer, type PluginDefinition, type PluginInstance } from '@kong-ts/core'
import type { Counters } from '../log/counters.js'
import type { ServerLog } from '../log/server-log.js'
import type { InstanceIds } from './instance-ids.js'
import { ServedInstance } from './served-instance.js'

export interface InstanceRegistryOptions {
  readonly container: PluginContainer
  readonly log: ServerLog
  readonly counters: Counters
  readonly ids: InstanceIds
  /** Milliseconds without an event after which an instance is closed. Kong never closes those of deleted configurations. */
  readonly idleTimeout: number
  /** Instances kept at most; the one that was idle longest goes first. */
  readonly maxInstances: number
}

/** The instances of a plugin server, by the ids Kong was told. They belong to the server, never to a connection. */
export class InstanceRegistry {
  readonly #options: InstanceRegistryOptions
  /** In order of last use: the first is the one that was idle longest. */
  readonly #instances = new Map<number, ServedInstance>()

  constructor(options: InstanceRegistryOptions) {
    this.#options = options
  }

  /**
   * Starts a plugin with a configuration.
   *
   * @returns the id that Kong will use for it.
   * @throws whatever keeps it from starting: ConfigError, or an error of the plugin's constructor or `onStart`.
   */
  async start(definition: PluginDefinition, configText: string): Promise<number> {
    const { container, counters, ids, log } = this.#options
    let instance: PluginInstance
    try {
      instance = await startPluginInstance(definition, configText, container)
    } catch (error) {
      counters.instancesRefused++
      throw error
    }
    const id = ids.next(definition.name, configText, (candidate) => this.#instances.has(candidate))
    this.#instances.set(id, new ServedInstance(id, instance))
    counters.instancesStarted++
    counters.liveInstances++
    log.debug({ plugin: definition.name, instance: id }, 'instance started')
    if (this.#instances.size > this.#options.maxInstances) this.#closeLongestIdle()
    return id
  }

  /** `undefined` for an id that was never given, or whose instance is closed. */
  find(id: number): ServedInstance | undefined {
    const instance = this.#instances.get(id)
    if (instance !== undefined) instance.touch()
    return instance
  }

  /** Closes an instance once its running events are through. Unknown ids are no mistake: Kong and the idle timer may close at the same time. */
  async close(id: number): Promise<void> {
    const instance = this.#instances.get(id)
    if (instance === undefined) return
    this.#instances.delete(id)
    await this.#end(instance)
  }

  /** Closes what had no event for the idle time. */
  closeIdle(now: number): void {
    for (const [id, instance] of this.#instances) {
      if (instance.busy || now - instance.lastUsed < this.#options.idleTimeout) continue
      this.#instances.delete(id)
      void this.#end(instance)
    }
  }

  async closeAll(): Promise<void> {
    const instances = [...this.#instances.values()]
    this.#instances.clear()
    await Promise.all(instances.map((instance) => this.#end(instance)))
  }

  #closeLongestIdle(): void {
    let oldest: ServedInstance | undefined
    for (const instance of this.#instances.values()) {
      if (!instance.busy && (oldest === undefined || instance.lastUsed < oldest.lastUsed)) oldest = instance
    }
    if (oldest === undefined) return
    this.#instances.delete(oldest.id)
    void this.#end(oldest)
  }

  async #end(instance: ServedInstance): Promise<void> {
    const { counters, log } = this.#options
    try {
      await instance.close()
      log.debug({ plugin: instance.definition.name, instance: instance.id }, 'instance closed')
    } catch (err) {
      log.error({ plugin: instance.definition.name, instance: instance.id, err }, 'onClose failed')
    } finally {
      counters.liveInstances--
    }
  }
}
