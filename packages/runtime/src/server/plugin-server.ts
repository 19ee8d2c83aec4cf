import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createPluginContainer, type PluginContainer, type PluginDefinition } from '@kong-ts/core'
import { EventRunner } from '../event/event-runner.js'
import { ConfigIds } from '../instance/config-ids.js'
import { IdSequence } from '../instance/id-sequence.js'
import { InstanceRegistry } from '../instance/instance-registry.js'
import { createCounters, type Counters } from '../log/counters.js'
import type { ServerLog } from '../log/server-log.js'
import { DEFAULT_LIMITS, type ProtocolLimits } from '../protocol/limits.js'
import { DEFAULT_PROTOCOL, type ProtocolName } from '../protocol/protocol-name.js'
import type { ProtocolOptions } from '../protocol/protocol-options.js'
import type { ServerProtocol } from '../protocol/server-protocol.js'
import { createProtocol } from './create-protocol.js'
import { listenOnSocket, type ListeningSocket } from './socket-listener.js'
import { ReadBuffer } from './socket-reading.js'

export interface PluginServerOptions {
  readonly socketPath: string
  readonly log: ServerLog
  /** Must be what the dump tells Kong. Default MsgPack:1. */
  readonly protocol?: ProtocolName
  /** Permissions of the socket. Default 0o600: Kong runs plugin servers as its own user. */
  readonly socketMode?: number
  readonly limits?: ProtocolLimits
  /** Milliseconds; default one hour. */
  readonly instanceIdleTimeout?: number
  /** Default 10 000. */
  readonly maxInstances?: number
  /** Milliseconds after which an event is dropped whose PDK call Kong never answered. Default 120 000. */
  readonly abandonedEventTimeout?: number
  readonly container?: PluginContainer
}

const DEFAULTS = { protocol: DEFAULT_PROTOCOL, socketMode: 0o600, instanceIdleTimeout: 3_600_000, maxInstances: 10_000, abandonedEventTimeout: 120_000 }
const SWEEP_INTERVAL = 5_000
/** Milliseconds that `onClose` handlers are given together. */
const CLOSE_GRACE = 5_000

/** Serves plugins on one unix socket until it is closed. */
export class PluginServer {
  readonly counters: Counters = createCounters()
  readonly #options: PluginServerOptions & typeof DEFAULTS
  readonly #instances: InstanceRegistry
  readonly #protocolOptions: ProtocolOptions
  #protocol: ServerProtocol | undefined
  readonly #connections = new Set<Socket>()
  readonly #readBuffer = new ReadBuffer()
  #listening: ListeningSocket | undefined
  #sweeper: NodeJS.Timeout | undefined

  constructor(definitions: readonly PluginDefinition[], options: PluginServerOptions) {
    this.#options = { ...DEFAULTS, ...options }
    const { log, protocol, instanceIdleTimeout: idleTimeout, maxInstances } = this.#options
    const ids = protocol === 'ProtoBuf:1' ? new ConfigIds() : new IdSequence()
    const { counters } = this
    this.#instances = new InstanceRegistry({ container: options.container ?? createPluginContainer(), log, counters, ids, idleTimeout, maxInstances })
    this.#protocolOptions = {
      definitions: new Map(definitions.map((definition) => [definition.name, definition])),
      instances: this.#instances,
      runner: new EventRunner(counters, log),
      log,
      counters,
      limits: options.limits ?? DEFAULT_LIMITS,
    }
  }

  /** @throws ServerStartError when the socket path cannot be used. */
  async listen(): Promise<void> {
    const { protocol: name, socketPath, socketMode } = this.#options
    const protocol = await createProtocol(name, this.#protocolOptions)
    this.#protocol = protocol
    this.#listening = await listenOnSocket(socketPath, socketMode, (socket) => this.#accept(socket, protocol))
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_INTERVAL)
    this.#sweeper.unref()
  }

  /**
   * Stops accepting, lets running events finish, closes instances and connections.
   *
   * @param grace milliseconds that running events are given.
   */
  async close(grace = 10_000): Promise<void> {
    await this.#listening?.close()
    await this.#drain(grace)
    clearInterval(this.#sweeper)
    for (const socket of this.#connections) socket.destroySoon()
    this.#protocol?.dropAbandoned(Number.POSITIVE_INFINITY)
    // A handler that never returns must not keep the process.
    await Promise.race([this.#instances.closeAll(), delay(CLOSE_GRACE, undefined, { ref: false })])
  }

  #accept(accepted: Socket, protocol: ServerProtocol): void {
    const socket = this.#readBuffer.read(accepted, (chunk) => handler.receive(chunk))
    const handler = protocol.accept(socket)
    this.#connections.add(socket)
    this.counters.connections++
    // A peer that goes away is no event worth a line; `close` follows.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#connections.delete(socket)
      this.counters.connections--
      handler.closed()
    })
  }

  async #drain(grace: number): Promise<void> {
    const end = performance.now() + grace
    while (this.counters.liveEvents > 0 && performance.now() < end) await delay(20)
  }

  #sweep(): void {
    const now = performance.now()
    this.#instances.closeIdle(now)
    this.#protocol?.dropAbandoned(now - this.#options.abandonedEventTimeout)
  }
}
