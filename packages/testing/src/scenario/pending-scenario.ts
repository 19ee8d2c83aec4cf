import { KongTsError } from '@kong-ts/core'
import { pdkMethodName, type NamedPdkMethod } from '../mock-pdk/pdk-method-name.js'
import { PendingExchange } from '../exchange/exchange.js'
import type { TestEntity } from '../exchange/test-entities.js'
import { headerLines, type TestRequest } from '../exchange/test-request.js'
import { KEY_HEADER, withKeyAuth, type ScenarioConsumers, type ScenarioEntities } from './stage/scenario-entities.js'
import type { ScenarioPlace } from './stage/scenario-options.js'
import type { ScenarioResult, ScenarioRun, ScenarioUpstream } from './stage/scenario-stage.js'

/** What a request of a scenario needs. */
interface PendingScenarioSetup {
  readonly place: ScenarioPlace
  readonly request: TestRequest
  readonly entities: Omit<ScenarioEntities, 'consumers'>
  readonly consumers: ScenarioConsumers
  readonly run: (run: ScenarioRun) => Promise<ScenarioResult>
}

/**
 * A request of a scenario that is being prepared. Every method but `run` returns the same object. Another route, service or consumer than in
 * the previous request is another configuration: Kong starts the plugin's instance anew.
 */
export class PendingScenario extends PendingExchange<ScenarioUpstream> {
  readonly #setup: PendingScenarioSetup
  readonly #stubs: (readonly [NamedPdkMethod, unknown])[] = []
  #key: string | undefined

  constructor(setup: PendingScenarioSetup) {
    super({})
    this.#setup = setup
  }

  /**
   * Makes the request as a consumer, whom Kong's key-auth finds before this plugin's access phase. The service does not see the key. key-auth
   * has priority 1250: a plugin with a higher one runs before it and sees no consumer.
   *
   * @param consumer the username of one of the scenario's consumers, or a consumer to be added to them.
   * @throws KongTsError (ERR_TEST) when there is no such consumer.
   */
  consumer(consumer: string | TestEntity): this {
    const { consumers } = this.#setup
    this.#key = typeof consumer === 'string' ? consumers.key(consumer) : consumers.add(consumer)
    return this
  }

  /**
   * Answers calls of a PDK function instead of Kong. In memory only.
   *
   * @param method the function's name in Kong, `kong.client.get_ip`.
   * @param answer a value, or a function of the arguments.
   * @throws KongTsError (ERR_TEST) elsewhere, and for a name the PDK does not have.
   */
  stub(method: NamedPdkMethod, answer: unknown): this {
    const name = pdkMethodName(method)
    const { place } = this.#setup
    if (place !== 'memory') {
      throw new KongTsError(
        'ERR_TEST',
        `${name} cannot be stubbed in ${place}: Kong itself answers the plugin server there. ` +
          `Skip this test unless scenario.place is 'memory', or give its scenario place: 'memory'`,
      )
    }
    this.#stubs.push([method, answer])
    return this
  }

  /** Sends the request through Kong. Requests of one scenario follow one another. */
  async run(): Promise<ScenarioResult> {
    const { request, consumers, run } = this.#setup
    const key = this.#key
    const entities = { ...this.#setup.entities, ...this.routing }
    const plugins = key === undefined ? entities.plugins : withKeyAuth(entities.plugins)
    return run({
      upstream: this.answer,
      stubs: this.#stubs,
      request: key === undefined ? request : { ...request, headers: [...headerLines(request.headers), [KEY_HEADER, key]] },
      entities: { ...entities, plugins, consumers: consumers.all },
    })
  }
}
