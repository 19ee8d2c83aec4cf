import { settingsFromConf } from '@kong-ts/simulator'
import { createPluginTest, type PluginTest } from '../plugin-test/create-plugin-test.js'
import type { TestUpstream } from '../exchange/test-upstream.js'
import { withoutKey, type ScenarioEntities } from './stage/scenario-entities.js'
import {
  isUnreached,
  type ScenarioResult,
  type ScenarioRun,
  type ScenarioStage,
  type ScenarioUpstream,
  type StageSetup,
} from './stage/scenario-stage.js'

interface ConfiguredTest {
  /** The entities as text, for comparison. */
  readonly entities: string
  readonly test: PluginTest
}

/** Runs a scenario in memory. Other entities start the plugin's instance anew, as another configuration does in Kong. */
export class MemoryStage implements ScenarioStage {
  readonly #setup: StageSetup
  #current: ConfiguredTest | undefined

  constructor(setup: StageSetup) {
    this.#setup = setup
  }

  async prepare(entities: ScenarioEntities): Promise<void> {
    await (await this.#configured(entities)).start()
  }

  async run({ request, upstream, entities, stubs }: ScenarioRun): Promise<ScenarioResult> {
    const pending = (await this.#configured(entities)).request(request).upstream(memoryUpstream(upstream))
    for (const [method, answer] of stubs) pending.stub(method, answer)
    const result = await pending.run()
    const serviceRequests = isUnreached(upstream) ? [] : result.serviceRequests.map(withoutKey)
    return { ...result, place: 'memory', serviceRequest: serviceRequests.at(-1), serviceRequests }
  }

  async close(): Promise<void> {
    const current = this.#current
    this.#current = undefined
    await current?.test.close()
  }

  async #configured(entities: ScenarioEntities): Promise<PluginTest> {
    const text = JSON.stringify(entities)
    if (this.#current?.entities === text) return this.#current.test
    await this.close()
    const { definition, options } = this.#setup
    const { route, service, consumers, plugins } = entities
    const test = createPluginTest(definition, {
      ...(options.config === undefined ? {} : { config: options.config }),
      ...(options.providers === undefined ? {} : { providers: options.providers }),
      ...(route === undefined ? {} : { route }),
      ...(service === undefined ? {} : { service }),
      consumers,
      plugins,
      node: { settings: settingsFromConf(options.settings ?? {}), env: new Map(Object.entries(options.env ?? {})) },
    })
    this.#current = { entities: text, test }
    return test
  }
}

/** A function of the test gets the request without the key, as in every other place. */
function memoryUpstream(upstream: ScenarioUpstream): TestUpstream {
  return typeof upstream === 'function' ? (request) => upstream(withoutKey(request)) : upstream
}
