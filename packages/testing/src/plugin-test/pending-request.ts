import type { Phase } from '@kong-ts/core'
import type { PluginDefinition, PluginInstance } from '@kong-ts/core/server'
import type { KongNodeOptions } from '@kong-ts/simulator'
import { pdkMethodName, type NamedPdkMethod } from '../mock-pdk/pdk-method-name.js'
import { Stubs } from '../mock-pdk/simulated-calls.js'
import { PendingExchange } from '../exchange/exchange.js'
import { PluginRun } from './plugin-run.js'
import type { PluginTestResult } from './plugin-test-result.js'
import type { TestEntities, TestEntity } from '../exchange/test-entities.js'
import type { TestRequest } from '../exchange/test-request.js'
import type { TestUpstream } from '../exchange/test-upstream.js'

/** The plugin and the Kong that a request meets, and the request itself. */
export interface RequestSetup {
  readonly definition: PluginDefinition
  readonly start: () => Promise<PluginInstance>
  readonly pluginId: string
  readonly entities: TestEntities
  readonly node: KongNodeOptions
  /** Kong's own plugins on the route. */
  readonly plugins: readonly TestEntity[]
  readonly request: TestRequest
}

/** A request that is being prepared. Every method but `run` and `runPhase` returns the same object. */
export class PendingRequest extends PendingExchange<TestUpstream> {
  readonly #setup: RequestSetup
  readonly #stubs = new Stubs()
  #client: { readonly consumer: TestEntity; readonly credential: TestEntity | undefined } | undefined

  constructor(setup: RequestSetup) {
    super({})
    this.#setup = setup
  }

  /** Has an authentication plugin find this consumer before this plugin's access phase. */
  consumer(consumer: TestEntity, credential?: TestEntity): this {
    this.#client = { consumer, credential }
    return this
  }

  /**
   * Answers calls of a PDK function instead of Kong.
   *
   * @param method the function's name in Kong, `kong.client.get_ip`.
   * @param answer a value, or a function of the arguments.
   * @throws KongTsError (ERR_TEST) for a name the PDK does not have, see {@link rawPdkMethod}.
   */
  stub(method: NamedPdkMethod, answer: unknown): this {
    this.#stubs.set(pdkMethodName(method), answer)
    return this
  }

  /** Runs all phases of the plugin in Kong's order. */
  run(): Promise<PluginTestResult> {
    return this.#run(undefined)
  }

  /** Runs the handler of one phase only. Kong does everything else as if the plugin had no other handler. */
  runPhase(phase: Phase): Promise<PluginTestResult> {
    return this.#run(phase)
  }

  async #run(only: Phase | undefined): Promise<PluginTestResult> {
    const instance = await this.#setup.start()
    return new PluginRun({
      ...this.#setup,
      instance,
      entities: { ...this.#setup.entities, ...this.routing },
      upstream: this.answer,
      stubs: this.#stubs,
      client: this.#client,
      only,
    }).run()
  }
}
