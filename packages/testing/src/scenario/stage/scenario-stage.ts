import type { PluginDefinition } from '@kong-ts/core/server'
import type { ServiceFailure } from '@kong-ts/simulator'
import type { ServiceMessage, TestResponse } from '../../exchange/test-message.js'
import type { TestRequest } from '../../exchange/test-request.js'
import type { TestUpstreamResponse } from '../../exchange/test-upstream.js'
import type { NamedPdkMethod } from '../../mock-pdk/pdk-method-name.js'
import type { PluginTestResult } from '../../plugin-test/plugin-test-result.js'
import type { ScenarioEntities } from './scenario-entities.js'
import type { ScenarioOptions, ScenarioPlace } from './scenario-options.js'

/** Runs the requests of a scenario in one place, one at a time. */
export interface ScenarioStage {
  /** Makes Kong ready for requests with these entities. */
  prepare(entities: ScenarioEntities): Promise<void>
  run(run: ScenarioRun): Promise<ScenarioResult>
  /** Undoes what the stage has done in its place. */
  close(): Promise<void>
}

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

/** What the service answers in a scenario, how it fails, or a function of the request that it gets. */
export type ScenarioUpstream =
  | TestUpstreamResponse
  | ServiceFailure
  | ((request: ServiceMessage) => TestUpstreamResponse | ServiceFailure | Promise<TestUpstreamResponse | ServiceFailure>)

/** Failures after which the service has not seen the request. */
const UNREACHED: ReadonlySet<string> = new Set(['refused', 'dns', 'connect-timeout'])

/** True for a service that no request reaches. */
export function isUnreached(upstream: ScenarioUpstream): boolean {
  return typeof upstream === 'object' && 'failure' in upstream && UNREACHED.has(upstream.failure)
}

/** What can be seen of a request in memory only. */
type SeenInMemory = Pick<PluginTestResult, 'phases' | 'pdkCalls' | 'logLines' | 'serialized' | 'errors'>

/**
 * What one request of a scenario did. `phases`, `pdkCalls`, `logLines`, `serialized` and `errors` can be seen in memory only. Elsewhere,
 * reading them throws a KongTsError (ERR_TEST) that names the place.
 */
export interface ScenarioResult extends SeenInMemory {
  readonly place: ScenarioPlace
  /** What the client got; undefined when it got nothing, see `connection`. */
  readonly response: TestResponse | undefined
  /** `closed`: Kong closed the connection without one byte. `silent`: the client waits for ever. */
  readonly connection: 'response' | 'closed' | 'silent'
  /** The last request that the service got; undefined when none was sent. */
  readonly serviceRequest: ServiceMessage | undefined
  /** All requests that the service got, retries included. */
  readonly serviceRequests: readonly ServiceMessage[]
  /** In memory: a handler ended the request. Elsewhere: the client was answered, and the service was not asked. */
  readonly exited: boolean
  /** Everything that can be seen here, as a text to be printed. */
  report(): string
}
