import { join } from 'node:path'
import { MsgpackClient } from '../client/msgpack-client.js'
import { ProtobufClient } from '../client/protobuf-client.js'
import { SocketPool } from '../client/socket-pool.js'
import type { GatewayLog } from './gateway-log.js'
import type { PluginInfo } from './plugin-server/plugin-info.js'
import { ExternalPlugin } from './plugins/external-plugin.js'

/** An external plugin together with the socket its plugin server listens on. */
export interface ServedPlugin {
  readonly info: PluginInfo
  readonly socket: string
}

export interface WorkerOptions {
  readonly plugins: readonly ServedPlugin[]
  readonly log: GatewayLog
  /** Longest wait for one message of a plugin server, in ms. */
  readonly socketTimeoutMs: number
  /** Folder for files of a request. */
  readonly prefix: string
  /** Drops the instances of a plugin in every worker. */
  readonly resetEverywhere: (plugin: string) => void
}

/** One simulated nginx worker: its own connections to the plugin servers and its own instances. */
export class Worker {
  private readonly pools = new Map<string, SocketPool>()
  private readonly plugins = new Map<string, ExternalPlugin>()

  constructor(options: WorkerOptions) {
    for (const { info, socket } of options.plugins) {
      const pool = this.pools.get(socket) ?? new SocketPool(socket)
      this.pools.set(socket, pool)
      const timeoutMs = options.socketTimeoutMs
      const client =
        info.protocol === 'ProtoBuf:1'
          ? new ProtobufClient({ pool, timeoutMs, bodyFolder: join(options.prefix, 'client_body_temp') })
          : new MsgpackClient({ pool, timeoutMs, serverRestarted: () => this.plugin(info.name)?.reset() })
      this.plugins.set(info.name, new ExternalPlugin(client, options.log, () => options.resetEverywhere(info.name)))
    }
  }

  plugin(name: string): ExternalPlugin | undefined {
    return this.plugins.get(name)
  }

  close(): void {
    for (const pool of this.pools.values()) pool.close()
  }
}
