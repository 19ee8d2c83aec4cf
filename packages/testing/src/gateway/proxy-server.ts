import { createTransaction, type ClientRequest, type KongTransaction } from '../kong/index.js'
import { createGeneration } from './create-generation.js'
import { answerEcho, goesToEcho, withEchoService } from './echo-upstream.js'
import type { DeclaredEntity } from './entities/declared-entity.js'
import type { DeclarativeConfig } from './entities/declarative-config.js'
import type { GatewayLog } from './gateway-log.js'
import type { Generation } from './generation.js'
import { ClientListener, type TlsIdentity } from './http/client-listener.js'
import type { WaitingClient } from './http/http1-connection.js'
import { sendServiceRequest } from './http/send-service-request.js'
import { createTlsIdentity } from './http/tls-identity.js'
import { UpstreamPool } from './http/upstream-pool.js'
import { runTransaction } from './run-transaction.js'
import type { ListenAddress } from './settings/kong-settings.js'
import { Worker, type ServedPlugin } from './worker.js'

export interface ProxyServerOptions {
  readonly served: ReadonlyMap<string, ServedPlugin>
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

/** Time log phases have to end at close, in ms. */
const LOG_PHASE_MS = 2000

/** The proxy: takes requests from the listener through Kong's phases with the configuration that is in use. */
export class ProxyServer {
  private readonly workers: readonly Worker[]
  private readonly listeners: ClientListener[] = []
  private identity: Promise<TlsIdentity> | undefined
  private readonly upstreams = new UpstreamPool()
  private readonly running = new Set<Promise<void>>()
  private generation: Generation | undefined
  private sequence = 0
  private requests = 0

  constructor(private readonly options: ProxyServerOptions) {
    const resetEverywhere = (plugin: string): void => this.workers.forEach((worker) => worker.plugin(plugin)?.reset())
    this.workers = Array.from(
      { length: options.workers },
      () => new Worker({ plugins: [...options.served.values()], log: options.log, socketTimeoutMs: options.socketTimeoutMs, resetEverywhere }),
    )
  }

  /** URLs of the listeners, in the order they were asked for. */
  get urls(): string[] {
    return this.listeners.map(({ address, port }) => `${address.tls ? 'https' : 'http'}://${address.host}:${port}`)
  }

  /** The entities of the configuration in use. */
  get entities(): readonly DeclaredEntity[] {
    return this.generation?.config.entities ?? []
  }

  /** Connections of clients that are open. */
  get connectionCount(): number {
    return this.listeners.reduce((sum, listener) => sum + listener.connectionCount, 0)
  }

  /** Requests taken so far. */
  get requestCount(): number {
    return this.requests
  }

  /** Uses a configuration from the next request on. @throws GatewayConfigError and keeps the one it had. */
  use(config: DeclarativeConfig): void {
    const { served, settings, enabled, consumerHeader, env, nodeId, prefix, log } = this.options
    const warn = (line: string): void => log('warn', line)
    this.generation = createGeneration({
      config, served, settings, enabled, consumerHeader, env, nodeId, prefix, warn, workers: this.workers, nextSequence: () => ++this.sequence,
    })
    config.warnings.forEach(warn)
  }

  /** @throws GatewayStartError naming the port when it is in use. */
  async listen(address: ListenAddress): Promise<void> {
    const listener = await ClientListener.listen(address, {
      workers: this.options.workers,
      tlsIdentity: () => (this.identity ??= createTlsIdentity()),
      handle: (request, worker, client) => this.track(this.serve(request, worker, client)),
    })
    this.listeners.push(listener)
  }

  /** Ends every connection; log phases that run have a moment to end. */
  async close(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.close()))
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LOG_PHASE_MS)
    })
    await Promise.race([Promise.all(this.running), enough])
    clearTimeout(timer)
    this.upstreams.close()
    for (const worker of this.workers) worker.close()
  }

  private track(work: Promise<void>): Promise<void> {
    this.running.add(work)
    return work.finally(() => this.running.delete(work))
  }

  private async serve(request: ClientRequest, worker: number, client: WaitingClient): Promise<void> {
    this.requests++
    const { generation } = this
    if (generation === undefined) return client.respond({ kind: 'closed' })
    try {
      const transaction = createTransaction(generation.node, request)
      await runTransaction(transaction, {
        generation,
        worker,
        respond: (response) => client.respond(response),
        completeMatch: this.options.echoWithoutService ? withEchoService : (match) => match,
        send: async (toService) => (goesToEcho(toService) ? answerEcho(toService) : sendServiceRequest(this.upstreams, toService, client.gone)),
        stepped: this.logLinesOf(transaction),
      })
    } catch (error) {
      // A fault of the stand-in itself: said loudly, and the client is not left waiting.
      this.options.log('error', `kong-ts gateway: ${error instanceof Error ? error.stack : String(error)}`)
      await client.respond({ kind: 'closed' })
    }
  }

  /** Hands on the lines a transaction has logged since the last time. */
  private logLinesOf(transaction: KongTransaction): () => void {
    let handedOn = 0
    return () => {
      for (const { level, text } of transaction.logLines.slice(handedOn)) this.options.log(level, text)
      handedOn = transaction.logLines.length
    }
  }
}
