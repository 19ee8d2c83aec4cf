import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { buildSessionRecord } from '../log/session-record.js'
import type { KongEntity, KongNode } from '../node/kong-node.js'
import { answerCall, type CallEnds } from '../pdk/answer-call.js'
import { encodeRecord } from '../pdk/log-functions.js'
import { findPdkFunction } from '../pdk/pdk-functions.js'
import { STREAM_FUNCTIONS } from '../pdk/stream-functions.js'
import type { ClientConnection, ConnectionTarget, KongConnection } from './kong-connection.js'
import type { CallingPlugin, ConnectionPhase, LogLine, PdkAnswer } from './kong-transaction.js'
import { TransactionState } from './transaction-state.js'

const NO_TIMEOUT = 60_000

/** Starts a connection through a Kong node. */
export function createConnection(node: KongNode, client: ClientConnection): KongConnection {
  return new Connection(
    new TransactionState({ ...client, method: '', target: '', httpVersion: '1.0', headers: [], body: new Uint8Array() }, node),
  )
}

class Connection implements KongConnection, CallEnds {
  interrupted = false

  constructor(private readonly state: TransactionState) {
    state.subsystem = 'stream'
  }

  get exit(): KongConnection['exit'] {
    const { delayed } = this.state
    return delayed && { status: delayed.status, body: typeof delayed.body === 'string' ? delayed.body : undefined }
  }

  get target(): ConnectionTarget | undefined {
    const { upstream, delayed } = this.state
    return delayed || !upstream.target
      ? undefined
      : { host: upstream.target.host, port: upstream.target.port, tls: upstream.scheme === 'tls' }
  }

  get logLines(): readonly LogLine[] {
    return this.state.log.lines
  }

  enter(phase: ConnectionPhase | 'log'): void {
    const { state } = this
    this.interrupted = false
    state.phase = phase
    state.subsystem = phase === 'certificate' ? 'http' : 'stream'
    if (phase === 'log') this.takeSnapshot()
  }

  routed(route: KongEntity, service: KongEntity | undefined): void {
    const { state } = this
    state.ctx.set('route', route).set('service', service).set('workspace', state.node.workspaceId)
    if (!service) return
    state.upstream.scheme = service.get('protocol') === 'tls' ? 'tls' : 'tcp'
    state.upstream.target = {
      host: String(service.get('host')),
      port: Number(service.get('port')),
      retries: Number(service.get('retries') ?? 5),
      connectTimeout: NO_TIMEOUT,
      writeTimeout: NO_TIMEOUT,
      readTimeout: NO_TIMEOUT,
    }
  }

  pdkCall(plugin: CallingPlugin, method: string, args: readonly LuaValue[]): PdkAnswer {
    const fn = (this.state.subsystem === 'stream' ? STREAM_FUNCTIONS.get(method) : undefined) ?? findPdkFunction(method)
    return answerCall(this.state, plugin, { method, args, fn }, this)
  }

  serialized(): string | undefined {
    return this.state.snapshot?.record
  }

  raised(plugin: CallingPlugin, message: string): void {
    const { state } = this
    this.interrupted = true
    if (state.phase !== 'preread') {
      state.log.write('error', `lua entry thread aborted: runtime error: ${message}`)
      return
    }
    state.log.write('error', `[kong] init.lua:406 [${plugin.name}] ${message}`)
    state.delayed = { status: 500, body: '{"message":"An unexpected error occurred"}', headers: undefined }
  }

  endedByNginx(): void {
    this.interrupted = true
  }

  ended(): void {
    const { state, exit } = this
    this.interrupted = true
    if (exit?.body !== undefined && exit.status >= 400)
      state.log.write('error', `[kong] response.lua unable to proxy stream connection, status: ${exit.status}, err: ${exit.body}`)
  }

  hung(): void {
    this.interrupted = true
  }

  private takeSnapshot(): void {
    const { state } = this
    state.snapshot = {
      requestHeaders: new LuaTable(),
      responseHeaders: new LuaTable(),
      status: this.exit?.status ?? 200,
      record: encodeRecord(buildSessionRecord(state, this.exit)),
    }
  }
}
