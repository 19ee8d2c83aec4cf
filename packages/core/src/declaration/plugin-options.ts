import type { EntityCheck } from './entity-check.js'

/** Protocols a plugin can be restricted to, as Kong names them. */
export type KongProtocol = 'grpc' | 'grpcs' | 'http' | 'https' | 'tcp' | 'tls' | 'tls_passthrough' | 'udp' | 'ws' | 'wss'

/** Options of `@Plugin`. */
export interface PluginOptions {
  /** The plugin's name in Kong. Default: the class name in kebab-case. */
  readonly name?: string
  /** Protocols the plugin may be configured for. Default: those of the subsystem its phases belong to. */
  readonly protocols?: readonly KongProtocol[]
  /** Kong refuses to configure the plugin for a consumer. */
  readonly noConsumer?: boolean
  /** Kong refuses to configure the plugin on a route. */
  readonly noRoute?: boolean
  /** Kong refuses to configure the plugin on a service. */
  readonly noService?: boolean
  /** Checks over several fields of `config`, with Kong's field names: `{ atLeastOneOf: ['max_calls', 'redis.host'] }`. */
  readonly entityChecks?: readonly EntityCheck[]
  /** Checks over the whole plugin entity: `{ mutuallyRequired: ['consumer', 'config.max_calls'] }`. */
  readonly pluginEntityChecks?: readonly EntityCheck[]
  /**
   * The oldest Kong the plugin is for, such as `3.4`: schema attributes that are newer are left out, because that Kong would refuse to
   * start.
   * Default: nothing is left out, see `oldestKongVersion`.
   */
  readonly kongVersion?: string
}
