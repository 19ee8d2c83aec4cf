import type { PluginServerSettings } from '../plugin-server/plugin-server-settings.js'

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
