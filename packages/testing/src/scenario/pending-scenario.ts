import { KongTsError } from '@kong-ts/core'
import { pdkMethodName, type NamedPdkMethod } from '../mock-pdk/pdk-method-name.js'
import { PendingExchange } from '../plugin-test/pending-exchange.js'
import type { TestEntity } from '../plugin-test/test-entities.js'
import { headerLines, type TestRequest } from '../plugin-test/test-request.js'
import { KEY_HEADER, withKeyAuth, type ScenarioConsumers, type ScenarioEntities } from './scenario-entities.js'
import type { ScenarioPlace } from './scenario-place.js'
import type { ScenarioResult } from './scenario-result.js'
import type { ScenarioRun } from './scenario-stage.js'
import type { ScenarioUpstream } from './scenario-upstream.js'

/** What a request of a scenario is prepared from. */
interface PendingScenarioSetup {
  readonly place: ScenarioPlace
  readonly request: TestRequest
  readonly entities: Omit<ScenarioEntities, 'consumers'>
  readonly consumers: ScenarioConsumers
  readonly run: (run: ScenarioRun) => Promise<ScenarioResult>
}

/**
 * A request of a scenario that is being prepared; every method but `run` gives the same object back. Another route, service or consumer
 * than in the request before is another configuration, with which Kong starts the plugin's instance anew.
 */
export class PendingScenario extends PendingExchange<ScenarioUpstream> {
  private key: string | undefined
  private readonly stubs: (readonly [NamedPdkMethod, unknown])[] = []

  constructor(private readonly setup: PendingScenarioSetup) {
    super({})
  }

  /**
   * Makes the request as a consumer, whom Kong's key-auth finds before this plugin's access phase (priority 1250: a plugin with a higher one
   * does not see the consumer yet). The service does not see the key.
   *
   * @param consumer the username of one of the scenario's consumers, or one to be added to them.
   * @throws KongTsError (ERR_TEST) when there is no such consumer.
   */
  consumer(consumer: string | TestEntity): this {
    const { consumers } = this.setup
    this.key = typeof consumer === 'string' ? consumers.key(consumer) : consumers.add(consumer)
    return this
  }

  /**
   * Answers a PDK function in Kong's stead, by its name in Kong: a value, or a function of the arguments. In memory only.
   * @throws KongTsError (ERR_TEST) elsewhere, and for a name the PDK does not have.
   */
  stub(method: NamedPdkMethod, answer: unknown): this {
    const name = pdkMethodName(method)
    const { place } = this.setup
    if (place !== 'memory') {
      throw new KongTsError(
        'ERR_TEST',
        `${name} cannot be stubbed in ${place}: Kong itself answers the plugin server there. ` +
          `Skip this test unless scenario.place is 'memory', or give its scenario place: 'memory'`,
      )
    }
    this.stubs.push([method, answer])
    return this
  }

  /** Sends the request through Kong. Requests of one scenario follow one another. */
  async run(): Promise<ScenarioResult> {
    const { request, consumers, run } = this.setup
    const { key, answer: upstream, stubs } = this
    const entities = { ...this.setup.entities, ...this.routing }
    const plugins = key === undefined ? entities.plugins : withKeyAuth(entities.plugins)
    return run({
      upstream,
      stubs,
      request: key === undefined ? request : { ...request, headers: [...headerLines(request.headers), [KEY_HEADER, key]] },
      entities: { ...entities, plugins, consumers: consumers.all },
    })
  }
}
