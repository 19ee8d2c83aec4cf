import type { Phase } from '@kong-ts/core'
import type { PluginDefinition, PluginInstance } from '@kong-ts/core/server'
import type { KongNodeOptions } from '@kong-ts/simulator'
import { pdkMethodName, type NamedPdkMethod } from '../mock-pdk/pdk-method-name.js'
import { Stubs } from '../mock-pdk/stubs.js'
import { PendingExchange } from './pending-exchange.js'
import { PluginRun } from './plugin-run.js'
import type { PluginTestResult } from './plugin-test-result.js'
import type { TestEntities, TestEntity } from './test-entities.js'
import type { TestRequest } from './test-request.js'
import type { TestUpstream } from './test-upstream.js'

/** What a request runs against. */
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

/** A request that is being prepared; every method but `run` and `runPhase` gives the same object back. */
export class PendingRequest extends PendingExchange<TestUpstream> {
  private readonly stubs = new Stubs()
  private client: { readonly consumer: TestEntity; readonly credential: TestEntity | undefined } | undefined

  constructor(private readonly setup: RequestSetup) {
    super({})
  }

  /** The consumer an authentication plugin found before this plugin's access phase. */
  consumer(consumer: TestEntity, credential?: TestEntity): this {
    this.client = { consumer, credential }
    return this
  }

  /**
   * Answers a PDK function in Kong's stead, by its name in Kong: a value, or a function of the arguments.
   * @throws KongTsError (ERR_TEST) for a name the PDK does not have, see {@link rawPdkMethod}.
   */
  stub(method: NamedPdkMethod, answer: unknown): this {
    this.stubs.set(pdkMethodName(method), answer)
    return this
  }

  /** Runs all phases the plugin has, in Kong's order. */
  run(): Promise<PluginTestResult> {
    return this.start(undefined)
  }

  /** Runs the handler of one phase alone; Kong does everything else as if the plugin had no other. */
  runPhase(phase: Phase): Promise<PluginTestResult> {
    return this.start(phase)
  }

  private async start(only: Phase | undefined): Promise<PluginTestResult> {
    const instance = await this.setup.start()
    return new PluginRun({
      ...this.setup,
      instance,
      entities: { ...this.setup.entities, ...this.routing },
      upstream: this.answer,
      stubs: this.stubs,
      client: this.client,
      only,
    }).run()
  }
}
