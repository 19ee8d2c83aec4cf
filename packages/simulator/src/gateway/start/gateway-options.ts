import type { JsonRecord } from '../entities/json-record.js'
import type { PluginServerProtocol } from '../plugin-server/plugin-info.js'
import type { GatewayLog } from '../report/gateway-report.js'
import type { ListenAddress, PluginServerSettings } from '../settings/kong-settings.js'

/** Options of a stand-in gateway. */
export interface GatewayOptions {
  /** The declarative config: path of a YAML or JSON file, or the parsed document. */
  readonly config: string | JsonRecord
  /** Plugin servers, as in kong.conf. Default none. */
  readonly pluginServers?: readonly PluginServerSettings[]
  /** Scripts that call `startServer`. The gateway runs them with this Node, so that no commands have to be written. Default none. */
  readonly scripts?: readonly string[]
  /** Protocol of the scripts, passed to them with `-protocol`. Default the one they choose; kong-ts chooses MsgPack:1. */
  readonly protocol?: PluginServerProtocol
  /** Port on 127.0.0.1; default 0, any free port. */
  readonly proxyPort?: number
  /** Addresses to listen on instead of `proxyPort`, with flags for TLS and HTTP/2. The key of the TLS certificate is public. */
  readonly proxyListen?: readonly ListenAddress[]
  /** Addresses of nginx's stream part, for routes with the protocols `tcp` and `tls`; preread handlers run there. Default none. */
  readonly streamListen?: readonly ListenAddress[]
  /** Addresses of the Admin API (`POST /config`, `GET /status`, `GET /`, reading entities); default none. */
  readonly adminListen?: readonly ListenAddress[]
  /** Names of the plugins that may be used, as in kong.conf; default all that plugin servers and the stand-in offer. */
  readonly plugins?: readonly string[]
  /** Reads the config file again when it changes. Logs its mistakes, and then keeps the old config. Default false. */
  readonly watch?: boolean
  /** Folder of the sockets; default a new temporary folder, which `close` removes. */
  readonly prefix?: string
  /** Gets the lines that Kong would write to its error log; default they are dropped. */
  readonly log?: GatewayLog
  /** Simulated nginx workers, each with its own connections and instances; default 1. */
  readonly workers?: number
  /** For tests: request header that chooses the consumer by username, custom_id or id, as an authentication plugin does; default none. */
  readonly consumerHeader?: string
  /** Settings of kong.conf that plugins notice, by their names in kong.conf: `trusted_ips`, `log_level` … */
  readonly settings?: Readonly<Record<string, string>>
  /** Environment that the `env` vault reads; default that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Answers requests for a route without service from the built-in echo upstream, instead of with Kong's 503; default true. */
  readonly echoWithoutService?: boolean
  /** For tests: longest wait for one message of a plugin server in ms; default 60000, as in nginx. */
  readonly socketTimeoutMs?: number
  /** Longest time from the start of a plugin server until it listens, in ms; default 20000. */
  readonly startTimeoutMs?: number
  /** Time plugin servers have between SIGTERM and SIGKILL in ms; default 5000. */
  readonly graceMs?: number
  /** Gives up starting when it is aborted. It has no effect once the gateway runs: `close` ends that. Default none. */
  readonly signal?: AbortSignal
}

/** A running stand-in gateway. */
export interface Gateway {
  /** The first address it listens on, such as `http://127.0.0.1:8000`. */
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
   * Reads the declarative config again: every plugin gets a new `__seq__`, so that the next request starts its instance again. Requests
   * under way end with the configuration they began with. Calls apply in the order in which they were made.
   * @param config path or document; default the config of the options.
   * @throws GatewayConfigError, and then goes on with the old config.
   */
  reload(config?: string | JsonRecord): Promise<void>
  /**
   * Restarts plugin servers as `kong reload` does: queries them again, starts new processes that take the sockets over, sends new requests
   * to them, and ends the old processes when their requests are done. Restarts run one after the other.
   * @param names as in `pluginServers`; default all of them.
   * @throws GatewayStartError or GatewayConfigError, and then goes on with the old processes.
   */
  restartPluginServers(names?: readonly string[]): Promise<void>
  /** Ends everything: connections, plugin servers that run or start, sockets, the temporary folder. @throws the first error, at the end. */
  close(): Promise<void>
}
