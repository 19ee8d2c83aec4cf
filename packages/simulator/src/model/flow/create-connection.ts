import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import type { SocketAddress, TlsConnection } from '../http/messages.js'
import { encodeRecord, buildSessionRecord, type SessionExit } from '../log/log-record.js'
import type { KongEntity, KongNode } from '../node/kong-node.js'
import { answerCall, type CallEnds, type PdkAnswer } from '../pdk/answer-call.js'
import { findPdkFunction } from '../pdk/pdk-functions.js'
import { STREAM_FUNCTIONS } from '../pdk/service-functions.js'
import type { LogLine } from '../state/error-log.js'
import { TransactionState, type CallingPlugin, type ConnectionPhase } from '../state/transaction-state.js'

/** A client's connection. */
export interface ClientConnection {
  readonly peer: SocketAddress
  readonly local: SocketAddress
  readonly tls?: TlsConnection
}

/** Where a connection without HTTP goes. */
export interface ConnectionTarget {
  readonly host: string
  readonly port: number
  readonly tls: boolean
}

/**
 * One connection through Kong, as far as HTTP has no part in it: its TLS handshake (`certificate`), or a session of nginx's stream module
 * (`preread`, `log`).
 */
export interface KongConnection {
  /** Begins a phase. `certificate` has a context of its own: a session after the handshake needs another `KongConnection`. */
  enter(phase: ConnectionPhase | 'log'): void
  /** Reports the route and service of a session. To be called before `preread`. */
  routed(route: KongEntity, service: KongEntity | undefined): void
  /** True when no further handler of the phase may run. */
  readonly interrupted: boolean
  /** Makes one PDK call, as `pdkCall` of a transaction does. */
  pdkCall(plugin: CallingPlugin, method: string, args: readonly LuaValue[]): PdkAnswer
  /** How a plugin or an error ended the session; undefined while it goes on. */
  readonly exit: SessionExit | undefined
  /** Where the session goes; undefined without a service, and after an exit. */
  readonly target: ConnectionTarget | undefined
  /** The record of `kong.log.serialize` as JSON text; undefined before `log`. */
  serialized(): string | undefined
  /** The lines of error.log so far. */
  readonly logLines: readonly LogLine[]
}

/** Kong's default timeout of a service. Nothing in a session reads it. */
const DEFAULT_TIMEOUT = 60_000

/** Starts a connection through a node. */
export function createConnection(node: KongNode, client: ClientConnection): KongConnection {
  return new Connection(
    new TransactionState({ ...client, method: '', target: '', httpVersion: '1.0', headers: [], body: new Uint8Array() }, node),
  )
}

class Connection implements KongConnection, CallEnds {
  interrupted = false

  readonly #state: TransactionState

  constructor(state: TransactionState) {
    this.#state = state
    state.subsystem = 'stream'
  }

  get exit(): SessionExit | undefined {
    const { delayed } = this.#state
    return delayed && { status: delayed.status, body: typeof delayed.body === 'string' ? delayed.body : undefined }
  }

  get target(): ConnectionTarget | undefined {
    const { upstream, delayed } = this.#state
    return delayed || !upstream.target
      ? undefined
      : { host: upstream.target.host, port: upstream.target.port, tls: upstream.scheme === 'tls' }
  }

  get logLines(): readonly LogLine[] {
    return this.#state.log.lines
  }

  enter(phase: ConnectionPhase | 'log'): void {
    const state = this.#state
    this.interrupted = false
    state.phase = phase
    state.subsystem = phase === 'certificate' ? 'http' : 'stream'
    if (phase === 'log') this.#takeSnapshot()
  }

  routed(route: KongEntity, service: KongEntity | undefined): void {
    const state = this.#state
    state.ctx.set('route', route).set('service', service).set('workspace', state.node.workspaceId)
    if (!service) return
    state.upstream.scheme = service.get('protocol') === 'tls' ? 'tls' : 'tcp'
    state.upstream.target = {
      host: String(service.get('host')),
      port: Number(service.get('port')),
      retries: Number(service.get('retries') ?? 5),
      connectTimeout: DEFAULT_TIMEOUT,
      writeTimeout: DEFAULT_TIMEOUT,
      readTimeout: DEFAULT_TIMEOUT,
    }
  }

  pdkCall(plugin: CallingPlugin, method: string, args: readonly LuaValue[]): PdkAnswer {
    const fn = (this.#state.subsystem === 'stream' ? STREAM_FUNCTIONS.get(method) : undefined) ?? findPdkFunction(method)
    return answerCall(this.#state, plugin, { method, args, fn }, this)
  }

  serialized(): string | undefined {
    return this.#state.snapshot?.record
  }

  raised(plugin: CallingPlugin, message: string): void {
    const state = this.#state
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
    const state = this.#state
    const { exit } = this
    this.interrupted = true
    if (exit?.body !== undefined && exit.status >= 400)
      state.log.write('error', `[kong] response.lua unable to proxy stream connection, status: ${exit.status}, err: ${exit.body}`)
  }

  hung(): void {
    this.interrupted = true
  }

  #takeSnapshot(): void {
    const state = this.#state
    state.snapshot = {
      requestHeaders: new LuaTable(),
      responseHeaders: new LuaTable(),
      status: this.exit?.status ?? 200,
      record: encodeRecord(buildSessionRecord(state, this.exit)),
    }
  }
}
