import type { ProviderOverride } from '@kong-ts/core/server'
import type { TestEntity } from '../plugin-test/test-entities.js'
import type { KongAddress } from './kong/kong-address.js'
import type { ScenarioPlace } from './scenario-place.js'

/** How a plugin is set up for a scenario. */
export interface ScenarioOptions {
  /** The built script that calls `startServer`, for the gateway: a file URL, or a path seen from the working directory. */
  readonly script: string | URL
  /** The configuration, by Kong's field names; fields with defaults may be left out. */
  readonly config?: Readonly<Record<string, unknown>>
  /** The route all requests match by default: every path, stripped of nothing. null: no route matches. */
  readonly route?: TestEntity | null
  /** The service behind the route, `http://service.test:80` by default; Kong is sent to the scenario's own upstream. null: the route has none. */
  readonly service?: TestEntity | null
  /** Consumers that requests can be made as. Those first named by `consumer()` are added, which starts the instance anew. */
  readonly consumers?: readonly TestEntity[]
  /** Kong's own plugins on the same route, as in its declarative config: `[{ name: 'request-transformer', config: { … } }]`. */
  readonly plugins?: readonly TestEntity[]
  /** Default: what the environment says, see `KONG_TS_PLACE`; memory without it. */
  readonly place?: ScenarioPlace
  /** The Kong to run in, over what the environment says. */
  readonly kong?: Partial<KongAddress>
  /** Stand-ins for injected services. In memory only. */
  readonly providers?: readonly ProviderOverride[]
  /** Settings of kong.conf that plugins notice, by their names there: `trusted_ips`, `log_level` … In memory and in the gateway only. */
  readonly settings?: Readonly<Record<string, string>>
  /** Environment that the `env` vault reads. In memory and in the gateway only. */
  readonly env?: Readonly<Record<string, string>>
  /** Longest wait for the answer to one request in ms, outside memory; default 30000. */
  readonly timeoutMs?: number
}
