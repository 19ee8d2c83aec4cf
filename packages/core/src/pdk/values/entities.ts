// Kong's entities and tables as the PDK gives them, with Kong's names. A member without a value is absent. Kong and its plugins may add
// members that are not listed here.

/** A reference to another entity. */
export interface EntityReference {
  readonly id: string
}

/** A route of Kong, as `kong.router.getRoute` gives it. */
export interface Route {
  readonly id: string
  readonly name?: string
  readonly protocols?: readonly string[]
  readonly methods?: readonly string[]
  readonly hosts?: readonly string[]
  /** Path prefixes; one that starts with `~` is a regular expression instead. */
  readonly paths?: readonly string[]
  readonly headers?: Readonly<Record<string, readonly string[]>>
  readonly snis?: readonly string[]
  readonly sources?: readonly { readonly ip?: string; readonly port?: number }[]
  readonly destinations?: readonly { readonly ip?: string; readonly port?: number }[]
  /** The condition of a route when Kong runs with `router_flavor = expressions`. */
  readonly expression?: string
  readonly priority?: number
  readonly https_redirect_status_code?: number
  readonly regex_priority?: number
  readonly strip_path?: boolean
  readonly path_handling?: 'v0' | 'v1'
  readonly preserve_host?: boolean
  readonly request_buffering?: boolean
  readonly response_buffering?: boolean
  readonly tags?: readonly string[]
  readonly service?: EntityReference
  /** Seconds since the epoch. */
  readonly created_at?: number
  /** Seconds since the epoch. */
  readonly updated_at?: number
  readonly ws_id?: string
}

/** A service of Kong, as `kong.router.getService` gives it. */
export interface Service {
  readonly id: string
  readonly name?: string
  readonly protocol: string
  /** A host name, an address or the name of an upstream entity. */
  readonly host: string
  readonly port: number
  readonly path?: string
  readonly retries?: number
  /** Milliseconds. */
  readonly connect_timeout?: number
  /** Milliseconds. */
  readonly write_timeout?: number
  /** Milliseconds. */
  readonly read_timeout?: number
  readonly tags?: readonly string[]
  readonly client_certificate?: EntityReference
  readonly tls_verify?: boolean
  readonly tls_verify_depth?: number
  readonly ca_certificates?: readonly string[]
  readonly enabled?: boolean
  /** Seconds since the epoch. */
  readonly created_at?: number
  /** Seconds since the epoch. */
  readonly updated_at?: number
  readonly ws_id?: string
}

/** A consumer of Kong. */
export interface Consumer {
  readonly id: string
  readonly username?: string
  readonly custom_id?: string
  readonly tags?: readonly string[]
  /** Seconds since the epoch. */
  readonly created_at?: number
  /** Seconds since the epoch. */
  readonly updated_at?: number
}

/** A credential as the authentication plugin stored it. Its other members depend on that plugin and may be secret. */
export interface Credential {
  readonly id: string
  readonly consumer?: EntityReference
  readonly [member: string]: unknown
}

/** A consumer group of Kong Gateway Enterprise. */
export interface ConsumerGroup {
  readonly id?: string
  readonly name?: string
  readonly [member: string]: unknown
}

/** Counters of nginx since it started. */
export interface NginxStatistics {
  readonly connections_active: number
  readonly connections_reading: number
  readonly connections_writing: number
  readonly connections_waiting: number
  readonly connections_accepted: number
  readonly connections_handled: number
  readonly total_requests: number
}

/** Memory of a Kong node. Sizes are bytes, or text such as `5.24 MiB` when a unit was asked for. */
export interface MemoryStats<Size extends number | string = number | string> {
  readonly lua_shared_dicts: Readonly<Record<string, { readonly allocated_slabs: Size; readonly capacity: Size }>>
  readonly workers_lua_vms: readonly { readonly pid: number; readonly http_allocated_gc: Size }[]
}

/** The parts of a vault reference `{vault://name/resource/key?config#version}`. */
export interface VaultReference {
  readonly name: string
  readonly resource: string
  readonly key?: string
  readonly config?: Readonly<Record<string, unknown>>
  readonly version?: number
}
