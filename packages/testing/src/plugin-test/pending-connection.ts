import type { Phase } from '@kong-ts/core'
import { createConnection, type ConnectionTarget, type LogLine } from '@kong-ts/simulator'
import type { PdkCallRecord } from '../mock-pdk/pdk-call-record.js'
import { pdkMethodName, type NamedPdkMethod } from '../mock-pdk/pdk-method-name.js'
import { Stubs } from '../mock-pdk/simulated-calls.js'
import { HandlerRuns, parseRecord } from './plugin-run.js'
import type { RequestSetup } from './pending-request.js'
import type { HandlerError } from './plugin-test-result.js'
import { createTestKong } from '../exchange/test-entities.js'

/** A client's connection. */
export interface TestConnection {
  /** The name for which the client asks in its TLS handshake. Without one the connection has no TLS. */
  readonly serverName?: string
  /** Address of the client, `127.0.0.1` by default. */
  readonly clientIp?: string
  /** Port of Kong's listener, 9000 by default. */
  readonly port?: number
}

/** What one connection did. */
export interface ConnectionTestResult {
  readonly phases: readonly Phase[]
  readonly pdkCalls: readonly PdkCallRecord[]
  readonly errors: readonly HandlerError[]
  readonly logLines: readonly LogLine[]
  /** How a handler ended it; undefined when Kong carries it on. The body reaches the client when the status is below 400. */
  readonly exit: { readonly status: number; readonly body: string | undefined } | undefined
  /** The address to which Kong carries it. */
  readonly target: ConnectionTarget | undefined
  /** The record of `kong.log.serialize`, as for a TCP session. */
  readonly serialized: unknown
}

/** A connection without HTTP that is being prepared. `certificate` (with a server name), `preread` and `log` run. */
export class PendingConnection {
  readonly #setup: Omit<RequestSetup, 'request'>
  readonly #connection: TestConnection
  readonly #stubs = new Stubs()

  constructor(setup: Omit<RequestSetup, 'request'>, connection: TestConnection) {
    this.#setup = setup
    this.#connection = connection
  }

  /**
   * Answers calls of a PDK function instead of Kong.
   *
   * @param method the function's name in Kong, `kong.client.get_ip`.
   * @param answer a value, or a function of the arguments.
   * @throws KongTsError (ERR_TEST) for a name the PDK does not have, see {@link rawPdkMethod}.
   */
  stub(method: NamedPdkMethod, answer: unknown): this {
    this.#stubs.set(pdkMethodName(method), answer)
    return this
  }

  async run(): Promise<ConnectionTestResult> {
    const [setup, connection] = [this.#setup, this.#connection]
    const instance = await setup.start()
    const handlers = new HandlerRuns({ ...setup, instance, stubs: this.#stubs, only: undefined })
    const { node, routes } = createTestKong(setup.entities, setup.node)
    const { serverName } = connection
    const client = {
      peer: { ip: connection.clientIp ?? '127.0.0.1', port: 40000 },
      local: { ip: '127.0.0.1', port: connection.port ?? 9000 },
      ...(serverName === undefined ? {} : { tls: { serverName, version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } }),
    }
    const handshake = createConnection(node, client)
    if (serverName !== undefined) {
      handshake.enter('certificate')
      await handlers.run('certificate', handshake)
    }
    const kong = createConnection(node, client)
    const [matched] = routes
    if (matched) kong.routed(matched.route, matched.service)
    kong.enter('preread')
    await handlers.run('preread', kong)
    const { exit, target } = kong
    kong.enter('log')
    await handlers.run('log', kong)
    const record = kong.serialized()
    return {
      phases: handlers.phases,
      pdkCalls: handlers.history.calls,
      errors: handlers.errors,
      logLines: [...handshake.logLines, ...kong.logLines],
      exit,
      target,
      serialized: record === undefined ? undefined : parseRecord(record),
    }
  }
}
