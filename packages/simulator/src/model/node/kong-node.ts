import type { LuaTable } from '@kong-ts/schema/lua'
import type { HashSource } from './hash-source.js'

/** Settings of kong.conf that a plugin can notice, with Kong's names in camelCase. Sizes in bytes. */
export interface KongSettings {
  /** Addresses and CIDR blocks, IPv4 and IPv6. Default none. */
  readonly trustedIps: readonly string[]
  /** Default `X-Real-IP`. */
  readonly realIpHeader: string
  readonly realIpRecursive: boolean
  /** `nginx_http_client_body_buffer_size`, default 8192. */
  readonly clientBodyBufferSize: number
  /** `nginx_http_client_max_body_size`, default 0 = no limit. */
  readonly clientMaxBodySize: number
  readonly logLevel: 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'crit' | 'alert' | 'emerg'
  /** `port_maps`: port seen from outside by port of the listener. */
  readonly hostPorts: ReadonlyMap<number, number>
  /** `headers`: the header names Kong adds to responses, lower case, tokens such as `server_tokens` spelled out. */
  readonly headers: ReadonlySet<string>
  /** `headers_upstream`, lower case. */
  readonly headersUpstream: ReadonlySet<string>
  readonly luaMaxReqHeaders: number
  readonly luaMaxRespHeaders: number
  readonly luaMaxUriArgs: number
  readonly luaMaxPostArgs: number
}

/** An entity of the declarative config with Kong's defaults filled in, null fields absent, as the Lua side holds it. */
export type KongEntity = LuaTable

/** A balanced upstream: its own host header and its balancer. */
export interface KongUpstream {
  readonly name: string
  readonly hostHeader: string | undefined
  /** What requests are hashed by, in the order in which it is looked for; none where targets take turns. */
  readonly hashSources: readonly HashSource[]
  /** The next target, undefined when there is none to be had. `tried` are those of this request that failed, `key` is what it is hashed by. */
  next(
    tried: readonly { readonly host: string; readonly port: number }[],
    key?: string,
  ): { readonly host: string; readonly port: number } | undefined
}

/** One Kong node: what does not change from request to request. */
export interface KongNode {
  readonly version: string
  /** Milliseconds since the epoch; a test's own clock can stand in. */
  now(): number
  /** A fresh id of 32 hexadecimal digits. */
  newRequestId(): string
  readonly settings: KongSettings
  readonly nodeId: string
  readonly hostname: string
  readonly workspaceId: string
  readonly prefix: string
  /** Environment of the node, read by the `env` vault. */
  readonly env: ReadonlyMap<string, string>
  /** Vault entities by prefix. */
  readonly vaults: ReadonlyMap<string, KongEntity>
  readonly upstreams: ReadonlyMap<string, KongUpstream>
  readonly consumers: readonly KongEntity[]
  /** Credentials by kind (`keyauth_credentials`, `basicauth_credentials`). */
  readonly credentials: ReadonlyMap<string, readonly KongEntity[]>
}
