import type { JsonValue } from '../schema/kong-schema.js'

/** A check over several fields, one key per object, in Kong's form: `{ at_least_one_of: ['a', 'b'] }`. */
export type EntityCheck = Readonly<Record<string, JsonValue>>

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
  /** Checks over several fields of `config`, with Kong's field names. */
  readonly entityChecks?: readonly EntityCheck[]
}
