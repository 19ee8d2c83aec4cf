import type { ProviderOverride } from '@kong-ts/core/server'
import { KongTsError } from '@kong-ts/core'
import type { TestEntity } from '../../exchange/test-entities.js'

/** How a plugin is set up for a scenario. */
export interface ScenarioOptions {
  /** The built script that calls `startServer`, for the gateway: a file URL, or a path relative to the working directory. */
  readonly script: string | URL
  /** The configuration, by Kong's field names; fields with defaults may be left out. */
  readonly config?: Readonly<Record<string, unknown>>
  /** The route that all requests match by default: every path, nothing is stripped. null: no route matches. */
  readonly route?: TestEntity | null
  /** The service behind the route, `http://service.test:80` by default; Kong sends its requests to the scenario's own upstream. null: the route has none. */
  readonly service?: TestEntity | null
  /** Consumers that can make requests. `consumer()` adds others, which starts the plugin's instance anew. */
  readonly consumers?: readonly TestEntity[]
  /** Kong's own plugins on the same route, as in its declarative config: `[{ name: 'request-transformer', config: { … } }]`. */
  readonly plugins?: readonly TestEntity[]
  /** Default: the place that the environment names, see `KONG_TS_PLACE`; without one, memory. */
  readonly place?: ScenarioPlace
  /** The Kong to run in. What is left out comes from the environment. */
  readonly kong?: Partial<KongAddress>
  /** Stand-ins for injected services. In memory only. */
  readonly providers?: readonly ProviderOverride[]
  /** Settings of kong.conf that plugins notice, by their names there: `trusted_ips`, `log_level` … In memory and in the gateway only. */
  readonly settings?: Readonly<Record<string, string>>
  /** Environment that the `env` vault reads. In memory and in the gateway only. */
  readonly env?: Readonly<Record<string, string>>
  /** Longest wait for the answer to one request, in milliseconds. Outside memory only; default 30000. */
  readonly timeoutMs?: number
}

/** Where a Kong for scenarios is found, and where it finds the scenario's upstream. */
export interface KongAddress {
  /** Its proxy, `http://host:port`. Environment: `KONG_TS_TARGET`. */
  readonly target: string
  /** Its proxy with TLS, `https://host:port`. Only requests to `https://…` need it. Environment: `KONG_TS_TARGET_TLS`. */
  readonly targetTls?: string
  /** Its Admin API, `http://host:port`. Environment: `KONG_TS_ADMIN`. */
  readonly admin: string
  /** Host or address under which Kong reaches the machine of the test; default 127.0.0.1. Environment: `KONG_TS_UPSTREAM_HOST`. */
  readonly upstreamHost: string
  /** Address on which the scenario's upstream listens; default 127.0.0.1. Environment: `KONG_TS_UPSTREAM_LISTEN`. */
  readonly upstreamListen: string
}

const PLACES = ['memory', 'gateway', 'gateway-msgpack', 'gateway-protobuf', 'kong'] as const

/**
 * Where a scenario runs. `memory`: against the simulated Kong, in the process of the test. `gateway`: real HTTP through the simulated gateway;
 * the plugin server is a process of its own and speaks the protocol that it chooses, or the one in the name of the place. `kong`: a real Kong,
 * given by URL.
 */
export type ScenarioPlace = (typeof PLACES)[number]

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The place of a scenario that names none: `KONG_TS_PLACE`, else `kong` when `KONG_TS_TARGET` is set, else `memory`.
 *
 * @throws KongTsError (ERR_TEST) when `KONG_TS_PLACE` is not a place.
 */
export function placeOf(env: Environment): ScenarioPlace {
  return namedPlace(env) ?? (isSet(env['KONG_TS_TARGET']) ? 'kong' : 'memory')
}

/**
 * Every place in which a scenario can run here, for `describe.each`: memory, the gateway on both protocols, and Kong when `KONG_TS_TARGET` is
 * set. With `KONG_TS_PLACE`, only that one.
 *
 * @param env default: the environment of the process.
 * @throws KongTsError (ERR_TEST) when `KONG_TS_PLACE` is not a place.
 */
export function scenarioPlaces(env: Environment = process.env): readonly ScenarioPlace[] {
  const named = namedPlace(env)
  if (named !== undefined) return [named]
  return ['memory', 'gateway-msgpack', 'gateway-protobuf', ...(isSet(env['KONG_TS_TARGET']) ? (['kong'] as const) : [])]
}

function namedPlace({ KONG_TS_PLACE: name }: Environment): ScenarioPlace | undefined {
  if (!isSet(name)) return undefined
  const place = PLACES.find((candidate) => candidate === name)
  if (place === undefined) throw new KongTsError('ERR_TEST', `KONG_TS_PLACE is "${name}": set it to one of ${PLACES.join(', ')}`)
  return place
}

/** Shells and CI files set variables to an empty text where they mean to leave them out. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}
