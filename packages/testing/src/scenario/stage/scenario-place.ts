import { KongTsError } from '@kong-ts/core'

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
