import type { LuaValue } from '@kong-ts/schema/lua'
import type { SocketAddress, TlsConnection } from '../http/messages.js'
import type { KongEntity } from '../node/kong-node.js'
import type { CallingPlugin, ConnectionPhase, LogLine, PdkAnswer } from './kong-transaction.js'

/** A client's connection. */
export interface ClientConnection {
  readonly peer: SocketAddress
  readonly local: SocketAddress
  readonly tls?: TlsConnection
}

/** Where a connection that is no HTTP is carried to. */
export interface ConnectionTarget {
  readonly host: string
  readonly port: number
  readonly tls: boolean
}

/** One connection going through Kong without HTTP: its TLS handshake (`certificate`), or a session of nginx's stream part (`preread`, `log`). */
export interface KongConnection {
  /** Begins a phase. `certificate` has a context of its own, which is gone afterwards. */
  enter(phase: ConnectionPhase | 'log'): void
  /** The route and service of a stream session; to be told before `preread`. */
  routed(route: KongEntity, service: KongEntity | undefined): void
  /** True when no further handler of the phase may run. */
  readonly interrupted: boolean
  pdkCall(plugin: CallingPlugin, method: string, args: readonly LuaValue[]): PdkAnswer
  /** How a plugin, or an error, ended the session: the body reaches the client when the status is below 400. */
  readonly exit: { readonly status: number; readonly body: string | undefined } | undefined
  /** Where the session is carried to; undefined without a service, and after an exit. */
  readonly target: ConnectionTarget | undefined
  /** The record of `kong.log.serialize`, once `log` was entered. */
  serialized(): string | undefined
  readonly logLines: readonly LogLine[]
}
