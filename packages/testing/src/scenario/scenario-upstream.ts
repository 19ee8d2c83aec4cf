import type { ServiceFailure } from '@kong-ts/simulator'
import type { ServiceMessage } from '../plugin-test/test-message.js'
import type { TestUpstreamResponse } from '../plugin-test/test-upstream.js'

/** What the service answers in a scenario, how it fails, or a function of the request it gets. */
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
