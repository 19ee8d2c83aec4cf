import { KongTsError } from '@kong-ts/core'

const PLACES = ['memory', 'gateway', 'gateway-msgpack', 'gateway-protobuf', 'kong'] as const

/**
 * Where a scenario runs. `memory`: against the simulated Kong, in the process of the test. `gateway`: real HTTP through the stand-in gateway,
 * the plugin server a process of its own, on the protocol it chooses itself or on the one named. `kong`: a Kong given by URL.
 */
export type ScenarioPlace = (typeof PLACES)[number]

/** Environment variables, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where a scenario runs that names no place: where `KONG_TS_PLACE` says, else in the Kong of `KONG_TS_TARGET`, else in memory.
 * @throws KongTsError (ERR_TEST) when `KONG_TS_PLACE` names none.
 */
export function placeOf(env: Environment): ScenarioPlace {
  return namedPlace(env) ?? (isSet(env['KONG_TS_TARGET']) ? 'kong' : 'memory')
}

/**
 * Every place a scenario can run in here, for `describe.each`: memory, the gateway on both protocols, and Kong when `KONG_TS_TARGET` is set.
 * With `KONG_TS_PLACE`, that one alone.
 *
 * @param env default: the process's environment.
 * @throws KongTsError (ERR_TEST) when `KONG_TS_PLACE` names none.
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

/** Shells and CI files set variables to nothing where they mean to leave them out. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}
