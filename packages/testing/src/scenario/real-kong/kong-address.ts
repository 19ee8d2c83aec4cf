import { KongTsError } from '@kong-ts/core'
import type { KongAddress } from '../stage/scenario-options.js'
import { isSet, type Environment } from '../stage/scenario-place.js'

const LOOPBACK = '127.0.0.1'

/**
 * Completes an address from the environment.
 *
 * @throws KongTsError (ERR_TEST) that names the variable which is missing or is not a URL.
 */
export function kongAddress(given: Partial<KongAddress>, env: Environment): KongAddress {
  function text(value: string | undefined, variable: string): string | undefined {
    return value ?? (isSet(env[variable]) ? env[variable] : undefined)
  }
  const targetTls = text(given.targetTls, 'KONG_TS_TARGET_TLS')
  return {
    target: origin(text(given.target, 'KONG_TS_TARGET'), 'http', 'KONG_TS_TARGET', "Kong's proxy"),
    admin: origin(text(given.admin, 'KONG_TS_ADMIN'), 'https?', 'KONG_TS_ADMIN', "Kong's Admin API"),
    upstreamHost: text(given.upstreamHost, 'KONG_TS_UPSTREAM_HOST') ?? LOOPBACK,
    upstreamListen: text(given.upstreamListen, 'KONG_TS_UPSTREAM_LISTEN') ?? LOOPBACK,
    ...(targetTls === undefined ? {} : { targetTls: origin(targetTls, 'https', 'KONG_TS_TARGET_TLS', "Kong's proxy") }),
  }
}

function origin(text: string | undefined, protocol: string, variable: string, whose: string): string {
  const example = protocol === 'https' ? 'https://localhost:8443' : `http://localhost:${variable === 'KONG_TS_ADMIN' ? 8001 : 8000}`
  if (text === undefined)
    throw new KongTsError('ERR_TEST', `the address of ${whose} is missing: set ${variable}, for example to ${example}`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !new RegExp(`^${protocol}:$`).test(url.protocol) || url.pathname !== '/')
    throw new KongTsError('ERR_TEST', `${variable} is "${text}": set it to the address of ${whose} without a path, such as ${example}`)
  return url.origin
}
