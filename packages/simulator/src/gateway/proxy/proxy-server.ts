import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type ClientConnection, type ClientRequest, createTransaction, type KongTransaction } from '../../model/index.js'
import type { DeclarativeConfig } from '../entities/declarative-config.js'
import type { DeclaredEntity } from '../entities/entity-kinds.js'
import { sendServiceRequest } from '../http/send-service-request.js'
import { UpstreamPool } from '../http/upstream-pool.js'
import type { HandleRequest, WaitingClient } from '../http/waiting-client.js'
import { ConnectionListener, type ConnectionListenerOptions } from '../net/connection-listener.js'
import type { ServedPlugin } from '../plugin-server/plugin-info.js'
import { createGeneration, type Generation } from '../plugins/generation.js'
import { WorkerGroup } from '../plugins/worker-group.js'
import type { GatewayLog } from '../report/gateway-report.js'
import { clientTimeouts, type ClientTimeouts } from '../settings/client-timeouts.js'
import type { ListenAddress } from '../settings/kong-settings.js'
import { serveHttp1 } from '../http/http1-connection.js'
import { serveHttp2 } from '../http/http2-connection.js'
import { runCertificatePhase } from './connection-plugins.js'
import { answerEcho, goesToEcho, withEchoService } from './echo-upstream.js'
import { runTransaction } from './run-transaction.js'
import { serveSession } from './serve-session.js'

interface ProxyServerOptions {
  readonly log: GatewayLog
  readonly prefix: string
  readonly nodeId: string
  readonly workers: number
  readonly settings: Readonly<Record<string, string>>
  readonly enabled: ReadonlySet<string> | undefined
  readonly consumerHeader: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly echoWithoutService: boolean
  readonly socketTimeoutMs: number
}

/** Longest time that log phases have at close, in ms. */
const LOG_PHASE_MS = 2000

/** The proxy: takes connections and runs their requests through Kong's phases, with the configuration in use. */
export class ProxyServer {
  readonly #options: ProxyServerOptions
  #served: ReadonlyMap<string, ServedPlugin>
  readonly #listeners: ConnectionListener[] = []
  readonly #streamListeners: ConnectionListener[] = []
  readonly #upstreams = new UpstreamPool()
  readonly #timeouts: ClientTimeouts
  #group: WorkerGroup
  #generation: Generation | undefined
  #sequence = 0
  #requests = 0

  /**
   * @param served the plugins that the plugin servers offer.
   * @throws GatewayConfigError for a timeout that nginx refuses.
   */
  constructor(options: ProxyServerOptions, served: ReadonlyMap<string, ServedPlugin>) {
    this.#options = options
    this.#served = served
    this.#timeouts = clientTimeouts(options.settings)
    this.#group = this.#createGroup(served)
  }

  /** URLs of the listeners, in the order of the `listen` calls. */
  get urls(): string[] {
    return this.#listeners.map(({ address, port }) => `${address.tls ? 'https' : 'http'}://${address.host}:${port}`)
  }

  /** Ports of the stream listeners, in the order of the `listenStream` calls. */
  get streamPorts(): number[] {
    return this.#streamListeners.map(({ port }) => port)
  }

  /** The entities of the configuration in use. */
  get entities(): readonly DeclaredEntity[] {
    return this.#generation?.config.entities ?? []
  }

  /** Number of open connections of clients. */
  get connectionCount(): number {
    return this.#listeners.reduce((sum, listener) => sum + listener.connectionCount, 0)
  }

  /** Number of requests so far. */
  get requestCount(): number {
    return this.#requests
  }

  /** Uses a configuration from the next request on. @throws GatewayConfigError, and then keeps the old one. */
  use(config: DeclarativeConfig): void {
    this.#generation = this.#createGeneration(config, this.#served, this.#group)
    for (const warning of config.warnings) this.#options.log('warn', warning)
  }

  /** @throws GatewayConfigError when the configuration in use does not fit these plugins. */
  checkFits(served: ReadonlyMap<string, ServedPlugin>): void {
    if (this.#generation !== undefined) this.#createGeneration(this.#generation.config, served, this.#group)
  }

  /**
   * Replaces the workers by new ones, as `kong reload` does. Resolves when the old workers have finished their requests, at the latest after
   * `longestMs`.
   * @throws GatewayConfigError when the configuration in use does not fit the plugins any more, and then keeps the old workers.
   */
  async renew(served: ReadonlyMap<string, ServedPlugin>, longestMs: number): Promise<void> {
    const old = this.#group
    const group = this.#createGroup(served)
    if (this.#generation !== undefined) this.#generation = this.#createGeneration(this.#generation.config, served, group)
    this.#served = served
    this.#group = group
    await old.finish(longestMs)
  }

  /** Listens for HTTP. @throws GatewayStartError that names the port, when it cannot be bound. */
  async listen(address: ListenAddress): Promise<void> {
    const handle: HandleRequest = (request, worker, client) => this.#group.track(this.#serve(request, worker, client))
    this.#listeners.push(
      await this.#open(address, (socket, connection, worker) => serveHttp(socket, connection, worker, this.#timeouts, handle)),
    )
  }

  /** Listens for connections of nginx's stream part. @throws GatewayStartError that names the port, when it cannot be bound. */
  async listenStream(address: ListenAddress): Promise<void> {
    this.#streamListeners.push(
      await this.#open(address, (socket, connection, worker) => void this.#group.track(this.#session(socket, connection, worker))),
    )
  }

  /** Closes every connection. Log phases that run have 2 s to end. */
  async close(): Promise<void> {
    await Promise.all([...this.#listeners, ...this.#streamListeners].map((listener) => listener.close()))
    await this.#group.finish(LOG_PHASE_MS)
    this.#upstreams.close()
  }

  #open(address: ListenAddress, serve: ConnectionListenerOptions['serve']): Promise<ConnectionListener> {
    return ConnectionListener.listen(address, {
      serve,
      workers: this.#options.workers,
      handshake: async (connection, worker) =>
        this.#generation !== undefined && runCertificatePhase(this.#generation, connection, worker, this.#options.log),
    })
  }

  async #session(socket: Socket, client: ClientConnection, worker: number): Promise<void> {
    if (this.#generation === undefined) socket.destroy()
    else await serveSession(socket, client, { generation: this.#generation, worker, log: this.#options.log })
  }

  #createGroup(served: ReadonlyMap<string, ServedPlugin>): WorkerGroup {
    const { workers, log, socketTimeoutMs, prefix } = this.#options
    return new WorkerGroup({ served, size: workers, log, socketTimeoutMs, prefix })
  }

  #createGeneration(config: DeclarativeConfig, served: ReadonlyMap<string, ServedPlugin>, { workers }: WorkerGroup): Generation {
    const { settings, enabled, consumerHeader, env, nodeId, prefix, log } = this.#options
    const warn = (line: string): void => log('warn', line)
    return createGeneration({
      config,
      served,
      settings,
      enabled,
      consumerHeader,
      env,
      nodeId,
      prefix,
      warn,
      workers,
      nextSequence: () => ++this.#sequence,
    })
  }

  async #serve(request: ClientRequest, worker: number, client: WaitingClient): Promise<void> {
    this.#requests++
    const generation = this.#generation
    if (generation === undefined) return client.respond({ kind: 'closed' })
    try {
      const transaction = createTransaction(generation.node, request)
      await runTransaction(transaction, {
        generation,
        worker,
        client,
        completeMatch: this.#options.echoWithoutService ? withEchoService : (match) => match,
        ask: async (toService, asking) =>
          goesToEcho(toService) ? answerEcho(toService, asking) : sendServiceRequest(this.#upstreams, toService, asking),
        stepped: this.#logLinesOf(transaction),
      })
    } catch (error) {
      // An error of the gateway itself. The client must not wait for ever.
      this.#options.log('error', `kong-ts gateway: ${error instanceof Error ? error.stack : String(error)}`)
      await client.respond({ kind: 'closed' })
    }
  }

  /** A function that passes on the lines that the transaction has logged since its last call. */
  #logLinesOf(transaction: KongTransaction): () => void {
    let handedOn = 0
    return () => {
      for (const { level, text } of transaction.logLines.slice(handedOn)) this.#options.log(level, text)
      handedOn = transaction.logLines.length
    }
  }
}

/** Serves the requests of a connection: HTTP/2 when the TLS handshake has chosen it, else HTTP/1. */
function serveHttp(socket: Socket, connection: ClientConnection, worker: number, timeouts: ClientTimeouts, handle: HandleRequest): void {
  if (socket instanceof TLSSocket && socket.alpnProtocol === 'h2') serveHttp2(socket, connection, worker, timeouts, handle)
  else void serveHttp1(socket, connection, worker, timeouts, handle)
}
