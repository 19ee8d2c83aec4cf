import { packArguments } from '../call/lua-arguments.js'
import type { PdkChannel } from '../call/pdk-channel.js'
import { PdkArgumentError, type PdkPhaseError } from '../call/pdk-errors.js'
import { unsendableArgument, type PdkMethod } from '../call/pdk-method.js'
import { FINAL_METHODS, unwindAfter } from '../call/response-exit.js'
import { PDK_METHODS } from './pdk-methods.js'

/** Why a name, and every name below it, cannot be called from an external plugin. */
interface RefusedName {
  readonly name: string
  /** Follows the name in a message: `"kong.x" cannot be called: it …`. */
  readonly reason: string
}

/**
 * Functions that an external plugin cannot use: Kong raises, hangs or answers with a corrupt message, or the call has no effect that the
 * plugin could see.
 */
export const IMPOSSIBLE_METHODS: readonly RefusedName[] = [
  { name: 'kong.client.tls.disable_http2_alpn', reason: 'works in the client_hello phase only, which never runs plugin handlers' },
  { name: 'kong.ctx.plugin', reason: 'is a Lua table and not a function: keep data of the event in the handler' },
  { name: 'kong.log.new', reason: 'answers with a table of functions, which Kong would call while it packs the answer' },
  { name: 'kong.nginx.shared', reason: 'does not exist in Kong, though other PDKs list it: use kong.ctx.shared' },
  { name: 'kong.response.get_raw_body', reason: 'works in the body_filter phase only: use kong.service.response.getRawBody in response' },
  { name: 'kong.response.set_raw_body', reason: 'works in the body_filter phase only: use kong.response.exit in response' },
  { name: 'kong.service.request.enable_tls', reason: 'works in the balancer phase only' },
  { name: 'kong.service.set_target_retry_callback', reason: 'needs a Lua function' },
  { name: 'kong.service.set_tls_cert_key', reason: 'needs certificate and key as objects of C' },
  { name: 'kong.service.set_tls_verify_store', reason: 'needs a store of certificates as an object of C' },
  { name: 'kong.table', reason: 'works on Lua tables, of which only copies reach Kong: use objects and arrays of JavaScript' },
  { name: 'kong.tracing', reason: 'handles spans, which are Lua objects with functions; some of its functions never answer' },
  { name: 'kong.vault.flush', reason: 'empties the cache of secrets of the Kong node, which Kong itself does when it is necessary' },
  { name: 'kong.vault.init_worker', reason: 'is called by Kong itself when a worker starts' },
  { name: 'kong.vault.try', reason: 'needs a Lua function' },
  { name: 'kong.vault.warmup', reason: 'is called by Kong itself when it starts' },
  {
    name: 'kong.websocket',
    reason: 'works in the WebSocket phases of Kong Gateway Enterprise only, in which external plugins cannot take part',
  },
]

/** Members of the Lua table `kong` that are data or objects and not PDK functions. Calling data raises, calling an object breaks it. */
export const INTERNALS: readonly RefusedName[] = [
  { name: 'kong.cache', reason: 'is an object inside Kong' },
  { name: 'kong.cluster_events', reason: 'is an object inside Kong' },
  { name: 'kong.configuration', reason: "is Kong's configuration and not a function" },
  { name: 'kong.core_cache', reason: 'is an object inside Kong' },
  { name: 'kong.db', reason: 'is an object inside Kong' },
  { name: 'kong.default_workspace', reason: 'is a text and not a function' },
  { name: 'kong.dns', reason: 'is an object inside Kong' },
  { name: 'kong.version', reason: 'is a text and not a function' },
  { name: 'kong.version_num', reason: 'is a number and not a function' },
  { name: 'kong.worker_events', reason: 'is an object inside Kong' },
]

const REASONS: ReadonlyMap<string, string> = new Map([...IMPOSSIBLE_METHODS, ...INTERNALS].map(({ name, reason }) => [name, reason]))
const KNOWN: ReadonlyMap<string, PdkMethod> = new Map(
  Object.values(PDK_METHODS)
    .flatMap((namespace): PdkMethod[] => Object.values(namespace))
    .filter(({ edition }) => edition !== 'helper')
    .map((method) => [method.name, method]),
)
/** Tables that can be called themselves. Kong just does not find a name below them that does not exist. */
const CALLABLE_TABLES: ReadonlySet<string> = new Set(['kong.log', 'kong.log.inspect', 'kong.log.deprecation'])

/** Tables of functions, which cannot be called themselves. */
const TABLES: ReadonlySet<string> = new Set([...KNOWN.keys()].flatMap(parents).filter((name) => !KNOWN.has(name)))

/** Calls a function by Kong's name, after the checks that its typed method makes. Refuses names that are known to break Kong. */
export function rawCall(channel: PdkChannel, name: unknown, args: readonly unknown[]): Promise<unknown> {
  if (typeof name !== 'string') return refuse(channel, `a ${typeof name}`, 'must be a string such as kong.request.get_header')
  const path = canonicalName(name)
  const reason = reasonAgainst(path)
  if (reason !== undefined) return refuse(channel, name, reason)
  const refusal = refusalOf(channel, path, args)
  if (refusal !== undefined) return channel.refuse(refusal)
  const answer = channel.call(path, packArguments(args))
  return FINAL_METHODS.has(path) ? unwindAfter(answer) : answer
}

function refusalOf(channel: PdkChannel, path: string, args: readonly unknown[]): PdkPhaseError | PdkArgumentError | undefined {
  const method = KNOWN.get(path)
  if (method !== undefined) return channel.refusal(method, args)
  const problem = unsendableArgument(args, [])
  return problem === undefined ? undefined : new PdkArgumentError(path, problem.argument, problem.rule)
}

/** Kong skips empty parts of a name and finds `kong..request.get_path`. The checks must see the name that Kong sees. */
function canonicalName(name: string): string {
  if (name !== '' && name !== 'kong' && !name.startsWith('kong.')) return name
  const parts = name.split('.').slice(1)
  return ['kong', ...parts.filter((part) => part !== '')].join('.')
}

function reasonAgainst(path: string): string | undefined {
  for (const name of [path, ...parents(path)]) {
    const reason = REASONS.get(name)
    if (reason !== undefined) return reason
    if (name !== path && KNOWN.has(name) && !CALLABLE_TABLES.has(name)) return `goes on behind the function ${name}: stop there`
  }
  if (path === 'kong' || TABLES.has(path)) return 'is a table of Kong and not a function: add the name of a function'
  return undefined
}

/** `a.b.c` is below `a.b` and `a`. */
function parents(path: string): string[] {
  const parts = path.split('.')
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('.'))
}

function refuse(channel: PdkChannel, name: string, reason: string): Promise<never> {
  return channel.refuse(new PdkArgumentError('kong.raw', 'name', `${JSON.stringify(name)} cannot be called: it ${reason}`))
}
