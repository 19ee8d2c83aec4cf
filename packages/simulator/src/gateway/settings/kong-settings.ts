/** The version of Kong that this gateway plays. */
export const KONG_VERSION = '3.9.1'

/** Where a listener binds: `host:port` with the flags Kong knows. Port 0 means any free one. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly http2: boolean
}

/** The settings of kong.conf that matter to plugins, under their names there in camelCase. */
export interface KongSettings {
  readonly declarativeConfig?: string
  readonly prefix?: string
  readonly proxyListen?: readonly ListenAddress[]
  readonly adminListen?: readonly ListenAddress[]
  readonly streamListen?: readonly ListenAddress[]
  /** Names enabled by `plugins`, `bundled` standing for all that come with Kong. */
  readonly plugins?: readonly string[]
  readonly pluginServers: readonly PluginServerSettings[]
  readonly workerProcesses?: number
  /** What the PDK and nginx read, by the names of kong.conf: `trusted_ips`, `real_ip_header`, `log_level` and so on. */
  readonly node: Readonly<Record<string, string>>
}

/** One entry of `pluginserver_names` with what belongs to it. */
export interface PluginServerSettings {
  /** As written in `pluginserver_names`, lower-cased. */
  readonly name: string
  /** `pluginserver_NAME_socket`; without it `<prefix>/NAME.socket`. */
  readonly socket?: string
  /** `pluginserver_NAME_start_cmd`; without it the plugin server is managed by someone else. */
  readonly startCommand?: string
  /** `pluginserver_NAME_query_cmd`: prints the plugin info. */
  readonly queryCommand: string
  /** Folder both commands run in; the gateway's own when it is left out. */
  readonly cwd?: string
}
