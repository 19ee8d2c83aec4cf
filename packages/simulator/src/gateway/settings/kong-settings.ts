/** Where a listener binds, with Kong's flags `ssl` and `http2`. Port 0 stands for any free port. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly http2: boolean
}

/** The settings of kong.conf that matter to plugins. Their names are those of kong.conf in camelCase. */
export interface KongSettings {
  readonly declarativeConfig?: string
  readonly prefix?: string
  readonly proxyListen?: readonly ListenAddress[]
  readonly adminListen?: readonly ListenAddress[]
  readonly streamListen?: readonly ListenAddress[]
  /** Names enabled by `plugins`; `bundled` stands for all plugins that come with Kong. */
  readonly plugins?: readonly string[]
  readonly pluginServers: readonly PluginServerSettings[]
  readonly workerProcesses?: number
  /** Settings that the PDK and nginx read, such as `trusted_ips`, by their names in kong.conf. */
  readonly node: Readonly<Record<string, string>>
}

/** One entry of `pluginserver_names` with its settings. */
export interface PluginServerSettings {
  /** As written in `pluginserver_names`, lower-cased. */
  readonly name: string
  /** `pluginserver_NAME_socket`; without it `<prefix>/NAME.socket`. */
  readonly socket?: string
  /** `pluginserver_NAME_start_cmd`; without it the gateway does not start the plugin server, and expects it on the socket. */
  readonly startCommand?: string
  /** `pluginserver_NAME_query_cmd`: prints the plugin info. */
  readonly queryCommand: string
  /** Folder in which both commands run; default the working directory of the gateway. */
  readonly cwd?: string
}
