import { raise } from '@kong-ts/schema/lua'
import { CLIENT_FUNCTIONS } from './client-functions.js'
import { LOG_FUNCTIONS } from './log-functions.js'
import { NODE_FUNCTIONS } from './node-functions.js'
import { NEVER, requireNginx, type PdkFunction } from './pdk-function.js'
import { REQUEST_FUNCTIONS } from './request-functions.js'
import { RESPONSE_FUNCTIONS } from './response-functions.js'
import { SERVICE_FUNCTIONS, STREAM_FUNCTIONS } from './service-functions.js'
import { SERVICE_REQUEST_FUNCTIONS } from './service-request-functions.js'
import { SERVICE_RESPONSE_FUNCTIONS } from './service-response-functions.js'
import { VAULT_FUNCTIONS } from './vault-functions.js'

/** Functions that return objects of Kong's Lua code. A call from a plugin server hangs. */
const NEVER_ANSWERED: readonly string[] = ['kong.tracing.start_span', 'kong.tracing.create_span']

/**
 * Kong's PDK as a real Kong showed it, with the phases that it allows. `@kong-ts/core` has a PDK table of its own, and `client/` has codecs
 * apart from those of `@kong-ts/runtime`. Both are double on purpose: each checks the other, and code shared by both could not show an error.
 */
export const PDK_FUNCTIONS: ReadonlyMap<string, PdkFunction> = new Map<string, PdkFunction>([
  ...Object.entries(REQUEST_FUNCTIONS),
  ...Object.entries(CLIENT_FUNCTIONS),
  ...Object.entries(RESPONSE_FUNCTIONS),
  ...Object.entries(SERVICE_FUNCTIONS),
  ...Object.entries(SERVICE_REQUEST_FUNCTIONS),
  ...Object.entries(SERVICE_RESPONSE_FUNCTIONS),
  ...Object.entries(LOG_FUNCTIONS),
  ...Object.entries(NODE_FUNCTIONS),
  ...Object.entries(VAULT_FUNCTIONS),
  ...NEVER_ANSWERED.map((name) => [name, { call: () => NEVER }] as const),
])

/** Members of the `kong` table that are tables. Calling one raises. */
const TABLES = new Set([
  'kong',
  'kong.client',
  'kong.client.tls',
  'kong.cluster',
  'kong.configuration',
  'kong.ctx',
  'kong.ctx.shared',
  'kong.ctx.plugin',
  'kong.db',
  'kong.cache',
  'kong.core_cache',
  'kong.ip',
  'kong.nginx',
  'kong.node',
  'kong.plugin',
  'kong.request',
  'kong.response',
  'kong.router',
  'kong.service',
  'kong.service.request',
  'kong.service.response',
  'kong.table',
  'kong.telemetry',
  'kong.vault',
  'kong.worker_events',
  'kong.cluster_events',
  'kong.timer',
  'kong.dns',
  'kong.db.consumers',
  'kong.db.services',
  'kong.db.routes',
  'kong.db.plugins',
  'kong.tracing',
])
const TEXTS = new Set([
  'kong.version',
  'kong.default_workspace',
  'kong.configuration.prefix',
  'kong.configuration.log_level',
  'kong.configuration.database',
])
const NUMBERS = new Set(['kong.version_num'])

/** True for a method that the simulator answers as Kong does. Kong has the others in its Enterprise edition only, or not at all. */
export function isSimulated(method: string): boolean {
  return findPdkFunction(method) !== undefined || STREAM_FUNCTIONS.has(method)
}

/**
 * Finds the function of a method as Kong does: splits the name into words at any separator, and follows them from the `kong` table.
 *
 * @returns a function that raises for the name of another type of value; undefined for an unknown name, which Kong logs and answers
 *   without a value.
 */
export function findPdkFunction(method: string): PdkFunction | undefined {
  // Kong looks up the whole text before it splits it. The virtual functions are found only by their whole text.
  const name = PDK_FUNCTIONS.has(method) ? method : (method.match(/\w+/g) ?? []).join('.')
  if (VIRTUAL.has(name) && name !== method) return undefined
  const found = PDK_FUNCTIONS.get(name)
  if (found) return name === method || !SERVED_FROM_SNAPSHOT.has(name) ? found : { ...found, call: withoutSnapshot(found.call) }
  if (name === '' || TABLES.has(name)) return raising("attempt to call local 'method' (a table value)")
  if (TEXTS.has(name)) return raising("attempt to call local 'method' (a string value)")
  if (NUMBERS.has(name)) return raising("attempt to call local 'method' (a number value)")
  if (name === 'get_saved_req_data') return { call: () => undefined }
  return reachesIntoFunction(name) ? raising("attempt to index local 'res' (a function value)") : undefined
}

/** Functions that Kong has for plugin servers only. */
const VIRTUAL = new Set([
  'kong.nginx.get_var',
  'kong.nginx.get_tls1_version_str',
  'kong.nginx.get_ctx',
  'kong.nginx.set_ctx',
  'kong.ctx.shared.get',
  'kong.ctx.shared.set',
  'kong.nginx.req_start_time',
])

/** Kong replaces these functions for plugin servers: in the log phase they read the snapshot. Under another spelling Kong finds its own. */
const SERVED_FROM_SNAPSHOT = new Set([
  'kong.log.serialize',
  'kong.request.get_header',
  'kong.request.get_headers',
  'kong.response.get_status',
  'kong.response.get_header',
  'kong.response.get_headers',
])

function withoutSnapshot(call: PdkFunction['call']): PdkFunction['call'] {
  return (state, args) => {
    requireNginx(state)
    return call(state, args)
  }
}

function raising(message: string): PdkFunction {
  return { call: () => raise(message) }
}

function reachesIntoFunction(name: string): boolean {
  const words = name.split('.')
  const parents = words.slice(1, -1).map((_, index) => words.slice(0, index + 2).join('.'))
  return parents.some((parent) => PDK_FUNCTIONS.has(parent) && !CALLABLE_TABLES.has(parent))
}

const CALLABLE_TABLES = new Set(['kong.log', 'kong.log.inspect', 'kong.log.deprecation'])
