import type { PluginTestResult } from '../plugin-test/plugin-test-result.js'
import type { ServiceMessage, TestResponse } from '../plugin-test/test-message.js'
import type { ScenarioPlace } from './scenario-place.js'

/** What can be seen of a request in memory alone. */
type SeenInMemory = Pick<PluginTestResult, 'phases' | 'pdkCalls' | 'logLines' | 'serialized' | 'errors'>

/**
 * What one request of a scenario did. `phases`, `pdkCalls`, `logLines`, `serialized` and `errors` can be seen in memory alone; elsewhere,
 * asking for them throws a KongTsError (ERR_TEST) that names the place.
 */
export interface ScenarioResult extends SeenInMemory {
  readonly place: ScenarioPlace
  /** What the client got; undefined when it got nothing, see `connection`. */
  readonly response: TestResponse | undefined
  /** `closed`: Kong closed the connection without one byte. `silent`: the client waits for ever. */
  readonly connection: 'response' | 'closed' | 'silent'
  /** The request the service got last; undefined when none was sent. */
  readonly serviceRequest: ServiceMessage | undefined
  /** All requests the service got, retries included. */
  readonly serviceRequests: readonly ServiceMessage[]
  /** In memory: a handler ended the request. Elsewhere: the client was answered without the service being asked. */
  readonly exited: boolean
  /** All that can be seen here as a text to be printed. */
  report(): string
}
