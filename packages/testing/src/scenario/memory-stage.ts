import { settingsFromConf } from '@kong-ts/simulator'
import { createPluginTest, type PluginTest } from '../plugin-test/create-plugin-test.js'
import type { TestUpstream } from '../plugin-test/test-upstream.js'
import { withoutKey, type ScenarioEntities } from './scenario-entities.js'
import type { ScenarioResult } from './scenario-result.js'
import type { ScenarioRun, ScenarioStage, StageSetup } from './scenario-stage.js'
import { isUnreached, type ScenarioUpstream } from './scenario-upstream.js'

interface ConfiguredTest {
  /** The entities as text, to tell whether others are wanted. */
  readonly entities: string
  readonly test: PluginTest
}

/** Runs a scenario in memory. Other entities start the plugin's instance anew, as a new configuration does in Kong. */
export class MemoryStage implements ScenarioStage {
  private current: ConfiguredTest | undefined

  constructor(private readonly setup: StageSetup) {}

  async prepare(entities: ScenarioEntities): Promise<void> {
    await (await this.configured(entities)).start()
  }

  async run({ request, upstream, entities, stubs }: ScenarioRun): Promise<ScenarioResult> {
    const pending = (await this.configured(entities)).request(request).upstream(memoryUpstream(upstream))
    for (const [method, answer] of stubs) pending.stub(method, answer)
    const result = await pending.run()
    const serviceRequests = isUnreached(upstream) ? [] : result.serviceRequests.map(withoutKey)
    return { ...result, place: 'memory', serviceRequest: serviceRequests.at(-1), serviceRequests }
  }

  async close(): Promise<void> {
    const { current } = this
    this.current = undefined
    await current?.test.close()
  }

  private async configured(entities: ScenarioEntities): Promise<PluginTest> {
    const text = JSON.stringify(entities)
    if (this.current?.entities === text) return this.current.test
    await this.close()
    const { definition, options } = this.setup
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
    this.current = { entities: text, test }
    return test
  }
}

/** What a function is asked must look as it does elsewhere. */
function memoryUpstream(upstream: ScenarioUpstream): TestUpstream {
  return typeof upstream === 'function' ? (request) => upstream(withoutKey(request)) : upstream
}
