import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { KongTsError } from '@kong-ts/core'
import { createPluginContainer, type PluginContainer, type PluginDefinition } from '@kong-ts/core/server'
import { CoarseClock } from '../event/coarse-clock.js'
import { EventRunner } from '../event/event-runner.js'
import { LONGEST_TIMER } from '../event/longest-timer.js'
import { ConfigIds } from '../instance/config-ids.js'
import { IdSequence } from '../instance/id-sequence.js'
import { InstanceRegistry } from '../instance/instance-registry.js'
import { createCounters, type Counters } from '../metrics/counters.js'
import type { ServerLog } from '../log/server-log.js'
import { DEFAULT_LIMITS, type ProtocolLimits } from '../protocol/limits.js'
import { DEFAULT_PROTOCOL, type ProtocolName } from '../protocol/protocol-name.js'
import type { ProtocolOptions } from '../protocol/protocol-options.js'
import type { ServerProtocol } from '../protocol/server-protocol.js'
import { createProtocol } from './create-protocol.js'
import { listenOnSocket, type ListeningSocket } from './socket-listener.js'
import { STATUS_QUESTION, encodeStatus } from './server-status.js'
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
  /**
   * Milliseconds a handler may let Kong wait for its next PDK call or its end. Default 55 000: Kong gives up after 60 s, lets the request go on
   * without the plugin, and takes a later answer for that of another request.
   */
  readonly silenceTimeout?: number
  /** Milliseconds that a plugin's constructor and `onStart` are given. Default 50 000. */
  readonly startTimeout?: number
  /** Milliseconds that `onClose` is given. Default 5 000. */
  readonly closeTimeout?: number
  readonly container?: PluginContainer
}

const DEFAULTS = {
  protocol: DEFAULT_PROTOCOL,
  socketMode: 0o600,
  instanceIdleTimeout: 3_600_000,
  maxInstances: 10_000,
  abandonedEventTimeout: 120_000,
  silenceTimeout: 55_000,
  startTimeout: 50_000,
  closeTimeout: 5_000,
}
/** Milliseconds between looks at what has become too old, unless a timeout asks for more. */
const SWEEP_INTERVAL = 1_000
/** Milliseconds in which events that outlived the grace are told to Kong as failed. */
const LAST_WORDS = 2_000

/** Serves plugins on one unix socket until it is closed. */
export class PluginServer {
  readonly counters: Counters = createCounters()
  readonly #options: PluginServerOptions & typeof DEFAULTS
  readonly #plugins: readonly string[]
  readonly #instances: InstanceRegistry
  readonly #runner: EventRunner
  readonly #protocolOptions: ProtocolOptions
  #protocol: ServerProtocol | undefined
  readonly #connections = new Set<Socket>()
  readonly #readBuffer = new ReadBuffer()
  #listening: ListeningSocket | undefined
  readonly #sweepInterval: number
  readonly #clock: CoarseClock
  #sweeper: NodeJS.Timeout | undefined

  constructor(definitions: readonly PluginDefinition[], options: PluginServerOptions) {
    this.#options = { ...DEFAULTS, ...options }
    const {
      log,
      protocol,
      instanceIdleTimeout: idleTimeout,
      maxInstances,
      startTimeout,
      closeTimeout,
      abandonedEventTimeout,
      silenceTimeout,
    } = this.#options
    const { counters } = this
    this.#plugins = definitions.map(({ name }) => name)
    this.#runner = new EventRunner(counters, log)
    this.#sweepInterval = Math.min(SWEEP_INTERVAL, Math.max(1, Math.min(idleTimeout, abandonedEventTimeout, silenceTimeout) / 4))
    this.#clock = new CoarseClock(this.#sweepInterval)
    const ids = protocol === 'ProtoBuf:1' ? new ConfigIds() : new IdSequence()
    this.#instances = new InstanceRegistry({
      container: options.container ?? createPluginContainer(),
      log,
      counters,
      ids,
      idleTimeout,
      maxInstances,
      startTimeout,
      closeTimeout,
    })
    this.#protocolOptions = {
      definitions: new Map(definitions.map((definition) => [definition.name, definition])),
      instances: this.#instances,
      runner: this.#runner,
      log,
      counters,
      limits: options.limits ?? DEFAULT_LIMITS,
      clock: this.#clock,
    }
  }

  /** @throws ServerStartError when the socket path cannot be used. */
  async listen(): Promise<void> {
    const protocol = await createProtocol(this.#options.protocol, this.#protocolOptions)
    this.#protocol = protocol
    const { socketPath: path, socketMode: mode, log } = this.#options
    this.#listening = await listenOnSocket({
      path,
      mode,
      plugins: this.#plugins,
      accept: (socket) => this.#accept(socket, protocol),
      acceptFailed: (err) => log.error({ err }, 'a connection could not be accepted'),
    })
    this.#clock.tick()
    this.#sweeper = setInterval(() => this.#sweep(), this.#sweepInterval)
    this.#sweeper.unref()
  }

  /**
   * Lets running events finish, stops accepting, closes instances and connections. Until the events that run now are through, new ones are taken:
   * while nobody listens, Kong lets requests go on without the plugin.
   *
   * @param grace milliseconds that running events are given; those that run longer end as if they had failed.
   */
  async close(grace = 10_000): Promise<void> {
    const end = performance.now() + grace
    await this.#eventsEnd(grace)
    await this.#listening?.close()
    await this.#eventsEnd(end - performance.now())
    clearInterval(this.#sweeper)
    this.#protocol?.expire?.(
      Number.POSITIVE_INFINITY,
      new KongTsError(
        'ERR_PHASE_TIMEOUT',
        `the plugin server ended while the handler ran, after ${grace} ms: bound what handlers wait for, or raise -drain-seconds`,
      ),
    )
    await this.#eventsEnd(Math.min(LAST_WORDS, grace))
    this.#protocol?.dropAbandoned(Number.POSITIVE_INFINITY)
    for (const socket of this.#connections) socket.destroySoon()
    await this.#instances.closeAll()
  }

  /** Takes Node's `unhandledRejection`: logged under the event it belongs to, and fatal to nothing. */
  logUnawaited(error: unknown, promise: Promise<unknown>): void {
    this.#runner.logUnawaited(error, promise)
  }

  #accept(accepted: Socket, protocol: ServerProtocol): void {
    let isFirst = true
    const socket = this.#readBuffer.read(accepted, (buffer, length) => {
      // Only what a connection begins with is a question: the end of a request's body could look like one.
      const asks = isFirst && length === STATUS_QUESTION.length && STATUS_QUESTION.equals(buffer.subarray(0, length))
      isFirst = false
      if (asks) socket.write(encodeStatus({ pid: process.pid, plugins: this.#plugins, counters: this.counters }))
      else handler.receive(buffer, length)
    })
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

  /** Waits for the events that run now, at most so many milliseconds. */
  async #eventsEnd(ms: number): Promise<void> {
    if (this.counters.liveEvents === 0) return
    const waiting = new AbortController()
    await Promise.race([
      this.#runner.currentEventsEnd(),
      delay(Math.min(Math.max(0, ms), LONGEST_TIMER), undefined, { signal: waiting.signal }).catch(() => undefined),
    ])
    waiting.abort()
  }

  #sweep(): void {
    const now = this.#clock.tick()
    const { abandonedEventTimeout, silenceTimeout } = this.#options
    this.#instances.closeIdle(now)
    this.#protocol?.dropAbandoned(now - abandonedEventTimeout)
    this.#protocol?.expire?.(
      now - silenceTimeout,
      new KongTsError(
        'ERR_PHASE_TIMEOUT',
        `the handler let Kong wait for ${silenceTimeout} ms: bound what it waits for, Kong gives up after 60 s`,
      ),
    )
  }
}
