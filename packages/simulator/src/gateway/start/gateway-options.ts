import type { JsonRecord } from '../entities/json-record.js'
import type { PluginServerProtocol } from '../plugin-server/plugin-info.js'
import type { GatewayLog } from '../report/gateway-log.js'
import type { ListenAddress, PluginServerSettings } from '../settings/kong-settings.js'

/** What a stand-in gateway is started with. */
export interface GatewayOptions {
  /** A declarative config: path of a YAML or JSON file, or the parsed document. */
  readonly config: string | JsonRecord
  /** The plugin servers, as kong.conf names them. Default none. */
  readonly pluginServers?: readonly PluginServerSettings[]
  /** Scripts that call `startServer`, run with this Node: plugin servers without the trouble of writing their commands. Default none. */
  readonly scripts?: readonly string[]
  /** What the scripts are told to speak, with `-protocol`. Default what they choose themselves; kong-ts chooses MsgPack:1. */
  readonly protocol?: PluginServerProtocol
  /** Port on 127.0.0.1; default 0, any free one. */
  readonly proxyPort?: number
  /** Addresses to listen on instead of `proxyPort`, TLS and HTTP/2 by their flags. */
  readonly proxyListen?: readonly ListenAddress[]
  /** Addresses of nginx's stream part, for routes of `tcp` and `tls`; preread handlers run there. Default none. */
  readonly streamListen?: readonly ListenAddress[]
  /** Addresses of the Admin API (`POST /config`, `GET /status`, `GET /`, reading entities); default none. */
  readonly adminListen?: readonly ListenAddress[]
  /** Names of the plugins that may be used, as in kong.conf; default all that plugin servers and the stand-in offer. */
  readonly plugins?: readonly string[]
  /** Reads the config file anew when it changes; what it gets wrong then is logged and the old one stays. Default false. */
  readonly watch?: boolean
  /** Folder for sockets; default a new temporary one, removed on close. */
  readonly prefix?: string
  /** Gets what Kong would write to its error log; default nothing is kept. */
  readonly log?: GatewayLog
  /** Simulated nginx workers, each with its own connections and instances; default 1. */
  readonly workers?: number
  /** Request header that chooses the consumer by username, custom_id or id, as if an authentication plugin had done so; default none. */
  readonly consumerHeader?: string
  /** Settings of kong.conf that plugins notice, by their names there: `trusted_ips`, `log_level` … */
  readonly settings?: Readonly<Record<string, string>>
  /** Environment the `env` vault reads; default that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Answers from the built-in echo upstream where a route has no service, instead of Kong's 503; default true. */
  readonly echoWithoutService?: boolean
  /** Longest wait for one message of a plugin server in ms; default 60000, as in nginx. */
  readonly socketTimeoutMs?: number
  /** Longest wait for a plugin server to listen at start in ms; default 20000. */
  readonly startTimeoutMs?: number
  /** Time plugin servers have between SIGTERM and SIGKILL in ms; default 5000. */
  readonly graceMs?: number
  /** Gives up starting when it is aborted. It has no effect once the gateway runs: `close` ends that. Default none. */
  readonly signal?: AbortSignal
}

/** A running stand-in gateway. */
export interface Gateway {
  /** `http://127.0.0.1:PORT`, the first address it listens on. */
  readonly proxyUrl: string
  /** All addresses it listens on, in the order of `proxyListen`. */
  readonly proxyUrls: readonly string[]
  /** Ports of `streamListen` on 127.0.0.1, in its order. */
  readonly streamPorts: readonly number[]
  /** All addresses of the Admin API. */
  readonly adminUrls: readonly string[]
  /** Folder of the sockets. */
  readonly prefix: string
  /** Process ids of the plugin servers that run now. */
  readonly pluginServerPids: readonly number[]
  /**
   * Reads the declarative config anew: every plugin gets a new `__seq__`, so that the next request starts its instance again. Requests
   * under way end with the configuration they began with.
   * @throws GatewayConfigError and goes on with the old one.
   */
  reload(config?: string | JsonRecord): Promise<void>
  /**
   * Starts plugin servers anew, as `kong reload` does: they are queried again, new processes take over the sockets, new requests go to
   * them, and the old processes are ended when their requests are done.
   * @param names as in `pluginServers`; default all of them.
   * @throws GatewayStartError or GatewayConfigError, and goes on with the old ones.
   */
  restartPluginServers(names?: readonly string[]): Promise<void>
  /** Ends everything: connections, plugin servers, sockets, the temporary folder. */
  close(): Promise<void>
}
