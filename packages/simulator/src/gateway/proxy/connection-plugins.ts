import { type ClientConnection, type ConnectionPhase, createConnection, type KongConnection } from '../../model/index.js'
import type { EventHost } from '../plugins/external-plugin.js'
import type { Generation } from '../plugins/generation.js'
import type { RunnablePlugin } from '../plugins/plugin-iterator.js'
import type { GatewayLog } from '../report/gateway-report.js'

/** Runs plugins for a TLS handshake or a connection of the stream part, and passes its log lines on. */
export class ConnectionPlugins {
  readonly #connection: KongConnection
  readonly #worker: number
  readonly #log: GatewayLog
  /** True when Kong's own code raised outside a PDK call. The connection is then ended. */
  failed = false
  #handedOn = 0

  constructor(connection: KongConnection, worker: number, log: GatewayLog) {
    this.#connection = connection
    this.#worker = worker
    this.#log = log
  }

  async run(phase: ConnectionPhase | 'log', entries: Iterable<RunnablePlugin>): Promise<void> {
    this.#connection.enter(phase)
    for (const entry of entries) {
      if (this.#connection.interrupted || this.failed) break
      if (entry.phases.has(phase)) await entry.runForConnection?.(phase, this.#worker, this.#host)
      this.#handOnLines()
    }
  }

  get #host(): EventHost {
    return {
      pdkCall: (plugin, method, args) => this.#connection.pdkCall(plugin, method, args),
      fail: (plugin, message) => {
        this.failed = true
        this.#log('error', `[${plugin.name}] ${message}`)
      },
    }
  }

  #handOnLines(): void {
    for (const { level, text } of this.#connection.logLines.slice(this.#handedOn)) this.#log(level, text)
    this.#handedOn = this.#connection.logLines.length
  }
}

/**
 * Runs the certificate phase of a TLS handshake: the handlers of global plugins.
 * @returns false when a handler raised: nginx then ends the handshake.
 */
export async function runCertificatePhase(
  generation: Generation,
  client: ClientConnection,
  worker: number,
  log: GatewayLog,
): Promise<boolean> {
  const connection = createConnection(generation.node, client)
  const plugins = new ConnectionPlugins(connection, worker, log)
  await plugins.run('certificate', generation.plugins.global('certificate'))
  return !connection.interrupted && !plugins.failed
}
