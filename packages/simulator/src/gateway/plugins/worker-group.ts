import { join } from 'node:path'
import { MsgpackClient } from '../../client/msgpack/msgpack-client.js'
import { ProtobufClient } from '../../client/protobuf/protobuf-client.js'
import { SocketPool } from '../../client/protocol/socket-pool.js'
import type { ServedPlugin } from '../plugin-server/plugin-info.js'
import type { GatewayLog } from '../report/gateway-report.js'
import { ExternalPlugin } from './external-plugin.js'

interface WorkerGroupOptions {
  readonly served: ReadonlyMap<string, ServedPlugin>
  readonly size: number
  readonly log: GatewayLog
  readonly socketTimeoutMs: number
  readonly prefix: string
}

/** Workers that run together. When `kong reload` replaces them by others, they finish the requests they have begun. */
export class WorkerGroup {
  readonly workers: readonly Worker[]
  readonly #running = new Set<Promise<void>>()

  constructor({ served, size, log, socketTimeoutMs, prefix }: WorkerGroupOptions) {
    const resetEverywhere = (plugin: string): void => this.workers.forEach((worker) => worker.plugin(plugin)?.reset())
    this.workers = Array.from(
      { length: size },
      () => new Worker({ plugins: [...served.values()], log, socketTimeoutMs, prefix, resetEverywhere }),
    )
  }

  /** Makes `finish` wait for this work. */
  track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
    return tracked
  }

  /** Waits until no tracked work runs, at most `longestMs`, then closes the connections to the plugin servers. */
  async finish(longestMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestMs)
    })
    await Promise.race([Promise.all(this.#running), enough])
    clearTimeout(timer)
    for (const worker of this.workers) worker.close()
  }
}

interface WorkerOptions {
  readonly plugins: readonly ServedPlugin[]
  readonly log: GatewayLog
  /** Longest wait for one message of a plugin server, in ms. */
  readonly socketTimeoutMs: number
  /** Folder of the gateway; files of requests are below it. */
  readonly prefix: string
  /** Forgets the instances of a plugin in every worker. */
  readonly resetEverywhere: (plugin: string) => void
}

/** One simulated nginx worker: its own connections to the plugin servers and its own instances. */
export class Worker {
  readonly #pools = new Map<string, SocketPool>()
  readonly #plugins = new Map<string, ExternalPlugin>()

  constructor(options: WorkerOptions) {
    for (const { info, socket } of options.plugins) {
      const pool = this.#pools.get(socket) ?? new SocketPool(socket)
      this.#pools.set(socket, pool)
      const timeoutMs = options.socketTimeoutMs
      const client =
        info.protocol === 'ProtoBuf:1'
          ? new ProtobufClient({ pool, timeoutMs, bodyFolder: join(options.prefix, 'client_body_temp') })
          : new MsgpackClient({ pool, timeoutMs, serverRestarted: () => this.plugin(info.name)?.reset() })
      this.#plugins.set(info.name, new ExternalPlugin(client, options.log, () => options.resetEverywhere(info.name)))
    }
  }

  plugin(name: string): ExternalPlugin | undefined {
    return this.#plugins.get(name)
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close()
  }
}
