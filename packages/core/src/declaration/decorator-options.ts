import type { EntityCheck } from './entity-check.js'

/** Protocols that a plugin can be restricted to, as Kong names them. */
export type KongProtocol = 'grpc' | 'grpcs' | 'http' | 'https' | 'tcp' | 'tls' | 'tls_passthrough' | 'udp' | 'ws' | 'wss'

/** Options of `@Plugin`. */
export interface PluginOptions {
  /** The plugin's name in Kong. Default: the class name in kebab-case. */
  readonly name?: string
  /** Protocols the plugin may be configured for. Default: all protocols of the subsystems that its phases belong to. */
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
   * The oldest Kong that the plugin is for, such as `3.4`. Newer schema attributes are left out of the dump, because that Kong would refuse
   * to start with them. Default: nothing is left out.
   */
  readonly kongVersion?: string
}

/** Options of a phase decorator. */
export interface PhaseOptions {
  /**
   * Lets the request continue when the handler throws, rejects or takes too long. Default `false`: the client gets 500, or 504 after the
   * timeout, so that a plugin that protects something is not switched off by its own failure.
   */
  readonly failOpen?: boolean
  /**
   * Milliseconds that the handler may take. Default 30 000; 0 for no limit (Kong itself gives up after 60 s without a message). A handler
   * that blocks the event loop is not interrupted: give such work to a worker thread.
   */
  readonly timeout?: number
}

/** Milliseconds. Shorter than Kong's own 60 s, after which Kong would let the request pass. */
export const DEFAULT_PHASE_TIMEOUT = 30_000
