import {
  createConfigBinder,
  startPluginInstance,
  type ConfigBinder,
  type PluginContainer,
  type PluginDefinition,
  type PluginInstance,
} from '@kong-ts/core/server'
import { InstanceError } from '../errors/server-errors.js'
import type { ServerLog } from '../log/server-log.js'
import type { Counters } from '../metrics/counters.js'
import { sharingKey, type InstanceIds } from './instance-ids.js'
import { ServedInstance, SharedPlugin } from './served-instance.js'
import { withTimeout } from './with-timeout.js'

export interface InstanceRegistryOptions {
  readonly container: PluginContainer
  readonly log: ServerLog
  readonly counters: Counters
  readonly ids: InstanceIds
  /** Milliseconds without an event after which an instance is closed. Kong never closes those of deleted configurations. */
  readonly idleTimeout: number
  /** Instances kept at most, not counting busy ones. The one that has been idle longest is closed first. */
  readonly maxInstances: number
  /** Milliseconds that constructor and `onStart` are given together. Kong itself gives up after 60 s. */
  readonly startTimeout: number
  /** Milliseconds that `onClose` is given. */
  readonly closeTimeout: number
}

/** The instances of a plugin server, by their ids. They belong to the server and not to a connection. */
export class InstanceRegistry {
  readonly #options: InstanceRegistryOptions
  readonly #binders = new Map<PluginDefinition, ConfigBinder>()
  readonly #instances = new Map<number, ServedInstance>()
  readonly #shared = new Map<string, SharedPlugin>()
  /** Starts that Kong waits for. */
  readonly #starting = new Set<Promise<number>>()
  /** Make those starts fail. */
  readonly #abortStarts = new Set<(error: InstanceError) => void>()
  readonly #ending = new Set<Promise<void>>()
  #closed = false

  constructor(options: InstanceRegistryOptions) {
    this.#options = options
  }

  /**
   * Starts a plugin with a configuration. Nginx workers that start the same one share the plugin object, and each gets an id.
   *
   * @returns the id that Kong will use.
   * @throws ConfigError, an error of the plugin's constructor or `onStart`, or InstanceError when these take too long or the server ends.
   */
  start(definition: PluginDefinition, configText: string): Promise<number> {
    return this.#track(this.#starting, this.#start(definition, configText))
  }

  async #start(definition: PluginDefinition, configText: string): Promise<number> {
    const { counters, ids, log } = this.#options
    const shared = this.#share(definition, configText)
    let instance: PluginInstance
    try {
      instance = await this.#untilStarted(definition, shared)
    } catch (error) {
      counters.instancesRefused++
      // The next request must not wait for this start again.
      this.#forget(shared)
      void this.#track(this.#ending, this.#release(definition, undefined, shared))
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

  /** Waits until the plugin has started, the time is over, or the server ends. */
  async #untilStarted({ name }: PluginDefinition, { started }: SharedPlugin): Promise<PluginInstance> {
    if (this.#closed) throw serverEnds()
    const { startTimeout } = this.#options
    let abort: ((error: InstanceError) => void) | undefined
    const aborted = new Promise<never>((_resolve, reject) => {
      abort = reject
      this.#abortStarts.add(reject)
    })
    try {
      return await withTimeout(startTimeout, Promise.race([started, aborted]), () => tooSlow(name, startTimeout))
    } finally {
      if (abort !== undefined) this.#abortStarts.delete(abort)
    }
  }

  /** @returns `undefined` when no instance has the id, or not any more. */
  find(id: number): ServedInstance | undefined {
    const instance = this.#instances.get(id)
    if (instance !== undefined) instance.touch()
    return instance
  }

  /** Closes an instance when its running events have ended. Ignores unknown ids: Kong and the idle timer may close at the same time. */
  async close(id: number): Promise<void> {
    const instance = this.#instances.get(id)
    if (instance !== undefined) await this.#end(instance)
  }

  /** Closes the instances that had no event for the idle time. */
  closeIdle(now: number): void {
    for (const instance of this.#instances.values()) {
      if (!instance.busy && now - instance.lastUsed >= this.#options.idleTimeout) void this.#end(instance)
    }
  }

  /** Closes every instance, including those that are starting, and starts no more. Resolves when all are closed. */
  async closeAll(): Promise<void> {
    this.#closed = true
    for (const abort of this.#abortStarts) abort(serverEnds())
    for (const instance of this.#instances.values()) void this.#end(instance)
    await Promise.allSettled(this.#starting)
    // A start that was just over may have made one more.
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

  /** One binder for all configurations of a plugin: making it takes time. */
  #binderOf(definition: PluginDefinition): ConfigBinder {
    const known = this.#binders.get(definition)
    if (known !== undefined) return known
    const binder = createConfigBinder(definition)
    this.#binders.set(definition, binder)
    return binder
  }

  /** Closes the longest-idle instances until one more fits. Runs before the new one is added, so that it is not closed itself. */
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
    return this.#track(this.#ending, this.#endWhenIdle(instance))
  }

  async #endWhenIdle(instance: ServedInstance): Promise<void> {
    await instance.idle()
    await this.#release(instance.definition, instance.id, instance.shared)
    this.#options.counters.liveInstances--
  }

  /** Releases a plugin object, and closes it when nobody else holds it. Logs failures, because no caller handles them. */
  async #release({ name: plugin }: PluginDefinition, instance: number | undefined, shared: SharedPlugin): Promise<void> {
    if (!shared.release()) return
    this.#forget(shared)
    const { closeTimeout, counters, log } = this.#options
    const context = instance === undefined ? { plugin } : { plugin, instance }
    try {
      await withTimeout(closeTimeout, shared.close(), () => tooSlowToClose(closeTimeout))
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

  /** Keeps a promise in a set until it settles. */
  #track<T>(set: Set<Promise<T>>, promise: Promise<T>): Promise<T> {
    set.add(promise)
    const settled = (): void => void set.delete(promise)
    promise.then(settled, settled)
    return promise
  }
}

function serverEnds(): InstanceError {
  return new InstanceError('this plugin server is ending: Kong starts the instance in the next one')
}

function tooSlow(plugin: string, startTimeout: number): InstanceError {
  return new InstanceError(`plugin ${plugin} did not start within ${startTimeout} ms: limit the time that its constructor and onStart wait`)
}

function tooSlowToClose(closeTimeout: number): InstanceError {
  return new InstanceError(`the plugin did not close within ${closeTimeout} ms: limit the time that onStart and onClose wait`)
}
