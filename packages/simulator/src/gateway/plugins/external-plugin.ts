import type { LuaValue } from '@kong-ts/schema/lua'
import { type InstanceSource, PluginInstances } from '../../client/protocol/plugin-instances.js'
import { type EventOutcome, KongRaise, type PdkCallOutcome, type PluginServerClient } from '../../client/protocol/plugin-server-client.js'
import type { CallingPlugin } from '../../model/index.js'
import type { GatewayLog } from '../report/gateway-report.js'

/** How one event ended. `hangs`: the request gets no answer. */
export type HandlerOutcome = 'done' | 'hangs'

/** The request or connection that an event is run for. */
export interface EventHost {
  pdkCall(plugin: CallingPlugin, method: string, args: readonly LuaValue[]): PdkCallOutcome | Promise<PdkCallOutcome>
  /** Tells that Kong's own code raised outside a PDK call. */
  fail(plugin: CallingPlugin, message: string): void
}

/** One external plugin in one worker: has its instances, and runs its events over the socket. */
export class ExternalPlugin {
  readonly #client: PluginServerClient
  readonly #log: GatewayLog
  /** Forgets the instances of this plugin in every worker. */
  readonly #resetEverywhere: () => void
  readonly #instances: PluginInstances

  constructor(client: PluginServerClient, log: GatewayLog, resetEverywhere: () => void) {
    this.#client = client
    this.#log = log
    this.#resetEverywhere = resetEverywhere
    this.#instances = new PluginInstances(client, (line) => log('error', line))
  }

  /** Forgets this worker's instances. */
  reset(): void {
    this.#instances.forget()
  }

  /**
   * Runs one phase for one request or connection. Logs a failure of the plugin server; the request then goes on without the plugin on
   * MsgPack:1, and ends with 500 on ProtoBuf:1. On both it fails where Kong's own code raises, which it does for a refused StartInstance
   * and for a malformed message.
   */
  async run(phase: string, source: InstanceSource, host: EventHost): Promise<HandlerOutcome> {
    const calling: CallingPlugin = { name: source.plugin, id: source.pluginId }
    try {
      for (;;) {
        const outcome = await this.#handleEvent(phase, source, host, calling)
        if (outcome.ended !== 'failed') return outcome.ended === 'never' ? 'hangs' : 'done'
        if (!this.#asksForRestart(outcome.error)) {
          this.#log('error', `[${source.plugin}] pluginserver error: ${outcome.error || 'unknown error'}`)
          if (this.#client.failsClosed) await host.pdkCall(calling, 'kong.response.error', [500])
          return 'done'
        }
        this.#log('warn', `[${source.plugin}] resetting instances: ${outcome.error}`)
        this.#resetEverywhere()
      }
    } catch (error) {
      if (!(error instanceof KongRaise)) throw error
      host.fail(calling, error.message)
      return 'done'
    }
  }

  #asksForRestart(error: string): boolean {
    const text = error.toLowerCase()
    return text.includes('no plugin instance') || (this.#client.failsClosed && text.includes('closed'))
  }

  async #handleEvent(phase: string, source: InstanceSource, host: EventHost, calling: CallingPlugin): Promise<EventOutcome> {
    const id = await this.#instances.idFor(source)
    return this.#client.handleEvent(id, phase, (method, args) => host.pdkCall(calling, method, args))
  }
}
