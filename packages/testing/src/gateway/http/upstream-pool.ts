import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ServiceRequest } from '../../kong/index.js'
import { ByteReader } from './byte-reader.js'

const IDLE_MS = 60_000

/** A connection to a service. */
export interface UpstreamConnection {
  readonly socket: Socket
  readonly reader: ByteReader
  /** True when it served a request before. */
  readonly reused: boolean
}

export type ConnectFailure = 'dns' | 'refused' | 'connect-timeout'

type Target = Pick<ServiceRequest, 'scheme' | 'host' | 'port' | 'tlsServerName'>

/** Idle connections to services, kept for the next request as nginx does. */
export class UpstreamPool {
  private readonly idle = new Map<string, { connection: UpstreamConnection; timer: NodeJS.Timeout }[]>()
  private readonly sockets = new Set<Socket>()

  /** An idle connection to the target, or a new one. */
  async take(target: Target, timeoutMs: number): Promise<UpstreamConnection | ConnectFailure> {
    const kept = this.idle.get(keyOf(target)) ?? []
    for (let entry = kept.pop(); entry !== undefined; entry = kept.pop()) {
      clearTimeout(entry.timer)
      if (!entry.connection.socket.destroyed && entry.connection.reader.buffered.length === 0) return { ...entry.connection, reused: true }
    }
    return this.open(target, timeoutMs)
  }

  /** Keeps a connection for the next request to the same target. */
  keep(target: Target, connection: UpstreamConnection): void {
    const { socket, reader } = connection
    if (socket.destroyed || socket.readableEnded || reader.buffered.length > 0) {
      socket.destroy()
      return
    }
    const key = keyOf(target)
    const kept = this.idle.get(key) ?? []
    this.idle.set(key, kept)
    const timer = setTimeout(() => socket.destroy(), IDLE_MS)
    timer.unref()
    kept.push({ connection, timer })
  }

  /** Closes every connection. */
  close(): void {
    for (const kept of this.idle.values()) for (const { timer } of kept) clearTimeout(timer)
    this.idle.clear()
    for (const socket of this.sockets) socket.destroy()
  }

  private open(target: Target, timeoutMs: number): Promise<UpstreamConnection | ConnectFailure> {
    return new Promise((resolve) => {
      const { host, port } = target
      const socket =
        target.scheme === 'https'
          ? connectTls({ host, port, rejectUnauthorized: false, ...(/[a-z]/i.test(target.tlsServerName) ? { servername: target.tlsServerName } : {}) })
          : connectTcp({ host, port, noDelay: true })
      this.sockets.add(socket)
      const timer = setTimeout(() => fail('connect-timeout'), timeoutMs)
      const fail = (failure: ConnectFailure): void => {
        clearTimeout(timer)
        socket.destroy()
        resolve(failure)
      }
      const refused = (error: NodeJS.ErrnoException): void => fail(error.syscall === 'getaddrinfo' ? 'dns' : 'refused')
      socket.once('error', refused)
      socket.once('close', () => this.sockets.delete(socket))
      socket.once(target.scheme === 'https' ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer)
        socket.off('error', refused)
        socket.on('error', () => socket.destroy())
        resolve({ socket, reader: new ByteReader(socket), reused: false })
      })
    })
  }
}

function keyOf({ scheme, host, port, tlsServerName }: Target): string {
  return `${scheme} ${host} ${port} ${tlsServerName}`
}
