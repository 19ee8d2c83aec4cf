import type { PluginDefinition } from '@kong-ts/core/server'
import type { NamedPdkMethod } from '../mock-pdk/pdk-method-name.js'
import type { TestRequest } from '../plugin-test/test-request.js'
import type { ScenarioEntities } from './scenario-entities.js'
import type { ScenarioOptions } from './scenario-options.js'
import type { ScenarioResult } from './scenario-result.js'
import type { ScenarioUpstream } from './scenario-upstream.js'

/** What a stage is built for. */
export interface StageSetup {
  readonly definition: PluginDefinition
  readonly options: ScenarioOptions
}

/** One request of a scenario with everything it needs. */
export interface ScenarioRun {
  readonly request: TestRequest
  readonly upstream: ScenarioUpstream
  readonly entities: ScenarioEntities
  readonly stubs: readonly (readonly [method: NamedPdkMethod, answer: unknown])[]
}

/** Runs the requests of a scenario in one place, one at a time. */
export interface ScenarioStage {
  /** Makes Kong ready for requests with these entities. */
  prepare(entities: ScenarioEntities): Promise<void>
  run(run: ScenarioRun): Promise<ScenarioResult>
  /** Undoes what the stage has done in its place. */
  close(): Promise<void>
}
