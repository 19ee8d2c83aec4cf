import { raise } from '@kong-ts/schema/lua'
import { CLIENT_FUNCTIONS } from './client-functions.js'
import { LOG_FUNCTIONS } from './log-functions.js'
import { NODE_FUNCTIONS } from './node-functions.js'
import { NEVER, requireNginx, type PdkFunction } from './pdk-function.js'
import { REQUEST_FUNCTIONS } from './request-functions.js'
import { RESPONSE_FUNCTIONS } from './response-functions.js'
import { SERVICE_FUNCTIONS } from './service-functions.js'
import { SERVICE_REQUEST_FUNCTIONS } from './service-request-functions.js'
import { SERVICE_RESPONSE_FUNCTIONS } from './service-response-functions.js'
import { STREAM_FUNCTIONS } from './stream-functions.js'
import { VAULT_FUNCTIONS } from './vault-functions.js'

/** Functions that exist but answer with objects of the Lua side: called by name they hang, or end in the packer. */
const NEVER_ANSWERED: readonly string[] = ['kong.tracing.start_span', 'kong.tracing.create_span']

const FUNCTIONS: ReadonlyMap<string, PdkFunction> = new Map<string, PdkFunction>([
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

/** Members of the `kong` table that are no functions: calling them raises. */
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

/** Every simulated function's name. */
export function pdkFunctionNames(): readonly string[] {
  return [...FUNCTIONS.keys()]
}

/** True for a function the stand-in has semantics for; every other is one Kong does not know, or knows only in its Enterprise edition. */
export function isSimulated(method: string): boolean {
  return findPdkFunction(method) !== undefined || STREAM_FUNCTIONS.has(method)
}

/**
 * Looks a method up as Kong does: the name is cut into words, whatever separates them, and walked down from the `kong` table.
 * undefined for an unknown name, which Kong logs and answers without a value. A name that ends at something else than a function gives
 * one that raises.
 */
export function findPdkFunction(method: string): PdkFunction | undefined {
  // Kong looks the whole text up before it cuts it into words, and the virtual functions are found only so.
  const name = FUNCTIONS.has(method) ? method : (method.match(/\w+/g) ?? []).join('.')
  if (VIRTUAL.has(name) && name !== method) return undefined
  const found = FUNCTIONS.get(name)
  if (found) return name === method || !SERVED_FROM_SNAPSHOT.has(name) ? found : { ...found, call: withoutSnapshot(found.call) }
  if (name === '' || TABLES.has(name)) return raising("attempt to call local 'method' (a table value)")
  if (TEXTS.has(name)) return raising("attempt to call local 'method' (a string value)")
  if (NUMBERS.has(name)) return raising("attempt to call local 'method' (a number value)")
  if (name === 'get_saved_req_data') return { call: () => undefined }
  return reachesIntoFunction(name) ? raising("attempt to index local 'res' (a function value)") : undefined
}

/** Functions Kong offers to plugin servers only, under their full text. */
const VIRTUAL = new Set([
  'kong.nginx.get_var',
  'kong.nginx.get_tls1_version_str',
  'kong.nginx.get_ctx',
  'kong.nginx.set_ctx',
  'kong.ctx.shared.get',
  'kong.ctx.shared.set',
  'kong.nginx.req_start_time',
])

/** Functions Kong replaces for plugin servers by ones that know what the log phase has saved; under another spelling it finds its own. */
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
  return parents.some((parent) => FUNCTIONS.has(parent) && !CALLABLE_TABLES.has(parent))
}

const CALLABLE_TABLES = new Set(['kong.log', 'kong.log.inspect', 'kong.log.deprecation'])
