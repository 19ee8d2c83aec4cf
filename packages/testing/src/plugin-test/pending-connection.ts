import type { Phase } from '@kong-ts/core'
import { createConnection, type ConnectionTarget, type LogLine } from '@kong-ts/simulator'
import type { PdkCallRecord } from '../mock-pdk/pdk-call-record.js'
import { pdkMethodName, type NamedPdkMethod } from '../mock-pdk/pdk-method-name.js'
import { Stubs } from '../mock-pdk/stubs.js'
import { HandlerRuns } from './handler-runs.js'
import type { RequestSetup } from './pending-request.js'
import type { HandlerError } from './plugin-test-result.js'
import { createTestKong } from './test-entities.js'

/** A client's connection as a test writes it. */
export interface TestConnection {
  /** The name the client asks for in its TLS handshake; without one the connection is plain. */
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
  /** How it was ended instead of being carried on; the body reaches the client when the status is below 400. */
  readonly exit: { readonly status: number; readonly body: string | undefined } | undefined
  /** Where Kong carries it to. */
  readonly target: ConnectionTarget | undefined
  /** The record of `kong.log.serialize`, of a session. */
  readonly serialized: unknown
}

/** A connection that is no HTTP, being prepared: `certificate` (with a server name), `preread` and `log` run. */
export class PendingConnection {
  private readonly stubs = new Stubs()

  constructor(
    private readonly setup: Omit<RequestSetup, 'request'>,
    private readonly connection: TestConnection,
  ) {}

  /**
   * Answers a PDK function in Kong's stead, by its name in Kong: a value, or a function of the arguments.
   * @throws KongTsError (ERR_TEST) for a name the PDK does not have, see {@link rawPdkMethod}.
   */
  stub(method: NamedPdkMethod, answer: unknown): this {
    this.stubs.set(pdkMethodName(method), answer)
    return this
  }

  async run(): Promise<ConnectionTestResult> {
    const { setup, connection } = this
    const instance = await setup.start()
    const handlers = new HandlerRuns({ ...setup, instance, stubs: this.stubs, only: undefined })
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
      serialized: record === undefined ? undefined : JSON.parse(Buffer.from(record, 'latin1').toString('utf8')),
    }
  }
}
