import { type InstanceId, KongRaise, type PluginServerClient } from './plugin-server-client.js'

/** A plugin configuration as StartInstance needs it. */
export interface InstanceSource {
  /** Id of the plugin entity. */
  readonly pluginId: string
  readonly plugin: string
  /** `__seq__`. When it differs from that of the instance, a new instance is started. */
  readonly sequence: number
  /** The Config text, one character a byte. */
  readonly config: string
}

interface Instance {
  readonly sequence: number
  readonly id: Promise<InstanceId>
}

/**
 * The instances that one worker has of one plugin. The first request that needs an instance starts it, and others wait for it. A new
 * sequence number of the configuration replaces it.
 */
export class PluginInstances {
  readonly #client: PluginServerClient
  /** Gets the reason why a replaced instance could not be closed. */
  readonly #logError: (line: string) => void
  readonly #instances = new Map<string, Instance>()

  constructor(client: PluginServerClient, logError: (line: string) => void) {
    this.#client = client
    this.#logError = logError
  }

  /**
   * The id to send with an event.
   * @throws KongRaise when the plugin server refuses to start the instance.
   */
  async idFor(source: InstanceSource): Promise<InstanceId> {
    for (;;) {
      const current = this.#instances.get(source.pluginId)
      if (current === undefined || current.sequence !== source.sequence) return this.#start(source, current)
      const id = await current.id
      if (id !== undefined) return id
      // The request that started it has failed. One of those that waited tries again.
      if (this.#instances.get(source.pluginId) === current) this.#instances.delete(source.pluginId)
    }
  }

  /** Forgets every instance, because the plugin server does not know them any more. */
  forget(): void {
    this.#instances.clear()
  }

  #start(source: InstanceSource, previous: Instance | undefined): Promise<InstanceId> {
    const starting = this.#startNow(source, previous)
    const claim = starting.catch(() => undefined)
    const instance: Instance = { sequence: source.sequence, id: claim }
    this.#instances.set(source.pluginId, instance)
    void claim.then((id) => {
      if (id === undefined && this.#instances.get(source.pluginId) === instance) this.#instances.delete(source.pluginId)
    })
    return starting
  }

  async #startNow(source: InstanceSource, previous: Instance | undefined): Promise<InstanceId> {
    const previousId = previous === undefined ? undefined : await previous.id
    const started = await this.#client.startInstance(source.plugin, source.config)
    if ('error' in started) throw new KongRaise(started.error)
    if (previousId !== undefined) {
      const error = await this.#client.closeInstance(previousId)
      if (error !== undefined) this.#logError(`no such plugin instance: ${error}`)
    }
    return started.id
  }
}
