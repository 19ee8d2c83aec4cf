/** A reason why nothing under a name can be called from an external plugin. */
interface Impossible {
  /** Kong's name; everything below it is meant too. */
  readonly name: string
  readonly reason: string
}

/**
 * Names that must not be called: Kong raises, hangs or answers with a corrupt message. `kong.raw` refuses them, and the documentation lists
 * them.
 */
export const IMPOSSIBLE_METHODS: readonly Impossible[] = [
  { name: 'kong.client.tls.disable_http2_alpn', reason: 'works in the client_hello phase only, which never runs plugin handlers' },
  { name: 'kong.ctx.plugin', reason: 'is a Lua table and not a function: keep data of the event in the handler' },
  { name: 'kong.log.new', reason: 'answers a table of functions, which Kong would call while it packs the answer' },
  { name: 'kong.nginx.shared', reason: 'does not exist in Kong, though other PDKs list it: use kong.ctx.shared' },
  { name: 'kong.response.get_raw_body', reason: 'works in the body_filter phase only: use kong.service.response.getRawBody in response' },
  { name: 'kong.response.set_raw_body', reason: 'works in the body_filter phase only: use kong.response.exit in response' },
  { name: 'kong.service.request.enable_tls', reason: 'works in the balancer phase only' },
  { name: 'kong.service.set_target_retry_callback', reason: 'needs a Lua function' },
  { name: 'kong.service.set_tls_cert_key', reason: 'needs certificate and key as objects of C' },
  { name: 'kong.service.set_tls_verify_store', reason: 'needs a store of certificates as an object of C' },
  { name: 'kong.tracing', reason: 'handles spans, which are Lua objects with functions; some of its functions never answer' },
  { name: 'kong.vault.try', reason: 'needs a Lua function' },
]

/**
 * Parts of the Lua table `kong` that are data or objects of Kong, not PDK functions: calling a value raises, calling an object breaks it.
 */
export const INTERNALS: readonly Impossible[] = [
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
