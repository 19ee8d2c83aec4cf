import {
  createConfigBinder,
  startPluginInstance,
  type ConfigBinder,
  type PluginContainer,
  type PluginDefinition,
  type PluginInstance,
} from '@kong-ts/core/server'
import type { Counters } from '../metrics/counters.js'
import type { ServerLog } from '../log/server-log.js'
import { InstanceError } from './instance-error.js'
import type { InstanceIds } from './instance-ids.js'
import { ServedInstance } from './served-instance.js'
import { SharedPlugin } from './shared-plugin.js'
import { sharingKey } from './sharing-key.js'
import { within } from './within.js'

export interface InstanceRegistryOptions {
  readonly container: PluginContainer
  readonly log: ServerLog
  readonly counters: Counters
  readonly ids: InstanceIds
  /** Milliseconds without an event after which an instance is closed. Kong never closes those of deleted configurations. */
  readonly idleTimeout: number
  /** Instances kept at most, busy ones aside; the one that was idle longest goes first. */
  readonly maxInstances: number
  /** Milliseconds that constructor and `onStart` are given together. Kong itself gives up after 60 s. */
  readonly startTimeout: number
  /** Milliseconds that `onClose` is given. */
  readonly closeTimeout: number
}

/** The instances of a plugin server, by the ids Kong was told. They belong to the server, never to a connection. */
export class InstanceRegistry {
  readonly #options: InstanceRegistryOptions
  readonly #binders = new Map<PluginDefinition, ConfigBinder>()
  readonly #instances = new Map<number, ServedInstance>()
  readonly #shared = new Map<string, SharedPlugin>()
  readonly #ending = new Set<Promise<void>>()
  #closed = false

  constructor(options: InstanceRegistryOptions) {
    this.#options = options
  }

  /**
   * Starts a plugin with a configuration. Nginx workers that start the same one share the plugin object and have an id each.
   *
   * @returns the id that Kong will use for it.
   * @throws whatever keeps it from starting: ConfigError, an error of the plugin's constructor or `onStart`, InstanceError when they take too long.
   */
  async start(definition: PluginDefinition, configText: string): Promise<number> {
    const { counters, ids, log, startTimeout } = this.#options
    const shared = this.#share(definition, configText)
    let instance: PluginInstance
    try {
      instance = await within(startTimeout, shared.started, () => tooSlow(definition, startTimeout))
      if (this.#closed) throw new InstanceError('this plugin server ends: Kong starts the instance in the next one')
    } catch (error) {
      counters.instancesRefused++
      // The next request must not wait for this start again.
      this.#forget(shared)
      this.#track(this.#release(definition, undefined, shared))
      throw error
    }
    this.#makeRoom()
    const id = ids.next(definition.name, configText, (candidate) => this.#instances.has(candidate))
    this.#instances.set(id, new ServedInstance(id, instance, shared))
    counters.instancesStarted++
    counters.liveInstances++
    log.debug({ plugin: definition.name, instance: id }, 'instance started')
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
    if (instance !== undefined) await this.#end(instance)
  }

  /** Closes what had no event for the idle time. */
  closeIdle(now: number): void {
    for (const instance of this.#instances.values()) {
      if (!instance.busy && now - instance.lastUsed >= this.#options.idleTimeout) void this.#end(instance)
    }
  }

  /** Closes every instance and starts no more. Resolves when those that were closing already are closed too. */
  async closeAll(): Promise<void> {
    this.#closed = true
    for (const instance of this.#instances.values()) void this.#end(instance)
    await Promise.all(this.#ending)
  }

  #share(definition: PluginDefinition, configText: string): SharedPlugin {
    const key = sharingKey(definition.name, configText)
    let shared = key === undefined ? undefined : this.#shared.get(key)
    if (shared === undefined) {
      shared = new SharedPlugin(key, startPluginInstance(definition, configText, this.#options.container, this.#binderOf(definition)))
      if (key !== undefined) this.#shared.set(key, shared)
      this.#options.counters.livePlugins++
    }
    shared.hold()
    return shared
  }

  /** What all configurations of a plugin have in common is worked out once. */
  #binderOf(definition: PluginDefinition): ConfigBinder {
    const known = this.#binders.get(definition)
    if (known !== undefined) return known
    const binder = createConfigBinder(definition)
    this.#binders.set(definition, binder)
    return binder
  }

  /** For one more, as far as instances without events can go: it may not be itself what has to go, since Kong would start it again at once. */
  #makeRoom(): void {
    while (this.#instances.size >= this.#options.maxInstances) {
      const oldest = this.#longestIdle()
      if (oldest === undefined) return
      void this.#end(oldest)
    }
  }

  #longestIdle(): ServedInstance | undefined {
    let oldest: ServedInstance | undefined
    for (const instance of this.#instances.values()) {
      if (!instance.busy && (oldest === undefined || instance.lastUsed < oldest.lastUsed)) oldest = instance
    }
    return oldest
  }

  #end(instance: ServedInstance): Promise<void> {
    this.#instances.delete(instance.id)
    return this.#track(this.#endWhenIdle(instance))
  }

  async #endWhenIdle(instance: ServedInstance): Promise<void> {
    await instance.idle()
    await this.#release(instance.definition, instance.id, instance.shared)
    this.#options.counters.liveInstances--
  }

  /** Lets go of a plugin object, and closes it when nobody else holds it. What goes wrong is logged: nobody waits to hear of it. */
  async #release({ name: plugin }: PluginDefinition, instance: number | undefined, shared: SharedPlugin): Promise<void> {
    if (!shared.release()) return
    this.#forget(shared)
    const { closeTimeout, counters, log } = this.#options
    const context = instance === undefined ? { plugin } : { plugin, instance }
    try {
      await within(closeTimeout, shared.close(), () => tooSlowToClose(closeTimeout))
      if (instance !== undefined) log.debug(context, 'instance closed')
    } catch (err) {
      log.error({ ...context, err }, 'onClose failed')
    } finally {
      counters.livePlugins--
    }
  }

  #forget(shared: SharedPlugin): void {
    if (shared.key !== undefined && this.#shared.get(shared.key) === shared) this.#shared.delete(shared.key)
  }

  #track(ending: Promise<void>): Promise<void> {
    this.#ending.add(ending)
    void ending.then(() => this.#ending.delete(ending))
    return ending
  }
}

function tooSlow({ name }: PluginDefinition, startTimeout: number): InstanceError {
  return new InstanceError(`plugin ${name} did not start within ${startTimeout} ms: bound what its constructor and onStart wait for`)
}

function tooSlowToClose(closeTimeout: number): InstanceError {
  return new InstanceError(`closing took longer than ${closeTimeout} ms and is not waited for: bound what onStart and onClose wait for`)
}
