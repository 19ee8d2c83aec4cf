import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { KongTsError } from '@kong-ts/core'
import { createPluginContainer, type PluginContainer, type PluginDefinition } from '@kong-ts/core/server'
import { CoarseClock } from '../event/coarse-clock.js'
import { EventRunner } from '../event/event-runner.js'
import { ConfigIds, IdSequence } from '../instance/instance-ids.js'
import { InstanceRegistry } from '../instance/instance-registry.js'
import { LONGEST_TIMER } from '../instance/with-timeout.js'
import type { ServerLog } from '../log/server-log.js'
import { createCounters, type Counters } from '../metrics/counters.js'
import { DEFAULT_PROTOCOL, type ProtocolName } from '../protocol/protocol-name.js'
import type { ProtocolOptions, ServerProtocol } from '../protocol/server-protocol.js'
import { DEFAULT_LIMITS, type ProtocolLimits } from '../wire/limits.js'
import { SocketReader, type ReadingPath } from './read-socket.js'
import { STATUS_QUESTION, encodeStatus } from './server-status.js'
import { listenOnSocket, type ListeningSocket } from './socket-listener.js'

export interface PluginServerOptions {
  readonly socketPath: string
  readonly log: ServerLog
  /** Must be the protocol that the dump tells Kong. Default MsgPack:1. */
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
   * Milliseconds that Kong may have to wait for a handler's next PDK call or its end. Default 55 000: after 60 s Kong gives up, lets the request go
   * on without the plugin, and takes a later answer for that of another request.
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
/** How often the server looks for what has become too old, unless a timeout is shorter. */
const SWEEP_INTERVAL_MS = 1_000
/** How long the events that outlived the grace may take to tell Kong that they failed. */
const FORCED_END_GRACE_MS = 2_000

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
  readonly #reader = new SocketReader()
  #notedPath: ReadingPath | undefined
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
    this.#sweepInterval = Math.min(SWEEP_INTERVAL_MS, Math.max(1, Math.min(idleTimeout, abandonedEventTimeout, silenceTimeout) / 4))
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
    const protocol = await loadProtocol(this.#options.protocol, this.#protocolOptions)
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
   * Lets running events finish, stops accepting, and closes instances and connections. Accepts new events until those that run now have ended:
   * while no server listens, Kong lets requests go on without the plugin.
   *
   * @param grace milliseconds for running events. Those that run longer end as if they had failed.
   */
  async close(grace = 10_000): Promise<void> {
    const end = performance.now() + grace
    await this.#eventsEnd(grace)
    this.#listening?.close()
    await this.#eventsEnd(end - performance.now())
    clearInterval(this.#sweeper)
    this.#protocol?.expire?.(
      Number.POSITIVE_INFINITY,
      new KongTsError(
        'ERR_PHASE_TIMEOUT',
        `the plugin server ended while the handler ran, after ${grace} ms: limit the time that handlers wait, or raise -drain-seconds`,
      ),
    )
    await this.#eventsEnd(Math.min(FORCED_END_GRACE_MS, grace))
    this.#protocol?.dropAbandoned(Number.POSITIVE_INFINITY)
    for (const socket of this.#connections) socket.destroySoon()
    await this.#instances.closeAll()
  }

  /** Logs a rejected promise that nobody awaited (Node's `unhandledRejection`) under its event. */
  logUnawaited(error: unknown, promise: Promise<unknown>): void {
    this.#runner.logUnawaited(error, promise)
  }

  #accept(accepted: Socket, protocol: ServerProtocol): void {
    let isFirst = true
    const socket = this.#reader.read(accepted, (buffer, length) => {
      // Only the first bytes of a connection can be the question. Later ones could be part of a body.
      const asks = isFirst && length === STATUS_QUESTION.length && STATUS_QUESTION.equals(buffer.subarray(0, length))
      isFirst = false
      if (asks) socket.write(encodeStatus({ pid: process.pid, plugins: this.#plugins, counters: this.counters }))
      else handler.receive(buffer, length)
    })
    const handler = protocol.accept(socket)
    this.#noteReadingPath()
    this.#connections.add(socket)
    this.counters.connections++
    // A peer that goes away is not worth a line; `close` follows.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#connections.delete(socket)
      this.counters.connections--
      handler.closed()
    })
  }

  /** Logs once how sockets are read: a change of Node.js can make it slower, and nothing else would show that. */
  #noteReadingPath(): void {
    const { path } = this.#reader
    if (path === this.#notedPath) return
    this.#notedPath = path
    this.#options.log.debug({}, path === 'shared-buffer' ? 'sockets are read into one shared buffer' : 'sockets are read by data events')
  }

  /** Waits for the events that run now, for at most `ms` milliseconds. */
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
        `the handler let Kong wait for ${silenceTimeout} ms: limit the time that it waits, Kong gives up after 60 s`,
      ),
    )
  }
}

/** Loads the protocol that the server speaks, and not the code of the other one. */
async function loadProtocol(name: ProtocolName, options: ProtocolOptions): Promise<ServerProtocol> {
  if (name === 'ProtoBuf:1') {
    const { ProtobufProtocol } = await import('../protocol-protobuf/protobuf-protocol.js')
    return new ProtobufProtocol(options)
  }
  const { MsgpackProtocol } = await import('../protocol-msgpack/msgpack-protocol.js')
  return new MsgpackProtocol(options)
}
