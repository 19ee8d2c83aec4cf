import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ServiceRequest } from '../../model/index.js'
import { ByteReader } from '../net/byte-reader.js'
import { startPatientTimer } from '../net/patient-timer.js'

const IDLE_MS = 60_000

/** A connection to a service. */
export interface UpstreamConnection {
  readonly socket: Socket
  readonly reader: ByteReader
  /** The address that the host of the service resolves to. */
  readonly address: string
  /** True when it has served a request before. */
  readonly reused: boolean
}

interface ConnectFailure {
  readonly failure: 'dns' | 'refused' | 'connect-timeout'
  /** The address that was tried, if the name was resolved. */
  readonly address?: string
}

type Target = Pick<ServiceRequest, 'scheme' | 'host' | 'port' | 'tlsServerName' | 'verifiesTls'>

/** Connections to services. Keeps idle ones for the next request, as nginx does. */
export class UpstreamPool {
  readonly #idle = new Map<string, { connection: UpstreamConnection; timer: NodeJS.Timeout }[]>()
  readonly #sockets = new Set<Socket>()
  #closed = false

  /** An idle connection to the target, or a new one. Gives up when `gone` is aborted. */
  async take(target: Target, timeoutMs: number, gone: AbortSignal): Promise<UpstreamConnection | ConnectFailure> {
    return this.#takeIdle(target) ?? this.connect(target, timeoutMs, gone)
  }

  /** A new connection to the target. Gives up when `gone` is aborted. */
  async connect(target: Target, timeoutMs: number, gone: AbortSignal): Promise<UpstreamConnection | ConnectFailure> {
    if (this.#closed) return { failure: 'refused' }
    const address = await resolve(target.host)
    return address === undefined ? { failure: 'dns' } : this.#open(target, address, timeoutMs, gone)
  }

  /** Keeps a connection for the next request to the same target. */
  keep(target: Target, connection: UpstreamConnection): void {
    const { socket, reader } = connection
    if (socket.destroyed || socket.readableEnded || reader.buffered.length > 0) {
      socket.destroy()
      return
    }
    const key = keyOf(target)
    const kept = this.#idle.get(key) ?? []
    this.#idle.set(key, kept)
    const timer = setTimeout(() => socket.destroy(), IDLE_MS)
    timer.unref()
    kept.push({ connection, timer })
  }

  /** Closes every connection. */
  close(): void {
    this.#closed = true
    for (const kept of this.#idle.values()) for (const { timer } of kept) clearTimeout(timer)
    this.#idle.clear()
    for (const socket of this.#sockets) socket.destroy()
  }

  #takeIdle(target: Target): UpstreamConnection | undefined {
    const kept = this.#idle.get(keyOf(target)) ?? []
    for (let entry = kept.pop(); entry !== undefined; entry = kept.pop()) {
      clearTimeout(entry.timer)
      if (!entry.connection.socket.destroyed && entry.connection.reader.buffered.length === 0) return { ...entry.connection, reused: true }
    }
    return undefined
  }

  #open(target: Target, address: string, timeoutMs: number, gone: AbortSignal): Promise<UpstreamConnection | ConnectFailure> {
    return new Promise((settle) => {
      const { port } = target
      const secure = target.scheme === 'https'
      const socket = secure
        ? connectTls({
            host: unbracketed(address),
            port,
            rejectUnauthorized: target.verifiesTls === true,
            ...(isIP(target.tlsServerName) === 0 ? { servername: target.tlsServerName } : {}),
          })
        : connectTcp({ host: unbracketed(address), port, noDelay: true })
      this.#sockets.add(socket)
      const refused = (): void => fail('refused')
      const fail = (failure: ConnectFailure['failure']): void => {
        stopTimer()
        gone.removeEventListener('abort', refused)
        socket.destroy()
        settle({ failure, address })
      }
      const stopTimer = startPatientTimer(timeoutMs, () => fail('connect-timeout'))
      gone.addEventListener('abort', refused)
      socket.once('error', refused)
      socket.once('close', () => this.#sockets.delete(socket))
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        stopTimer()
        gone.removeEventListener('abort', refused)
        socket.off('error', refused)
        socket.on('error', () => socket.destroy())
        settle({ socket, reader: new ByteReader(socket), address, reused: false })
      })
    })
  }
}

/** The address of a name, IPv4 before IPv6; undefined when the name has none. */
async function resolve(host: string): Promise<string | undefined> {
  if (isIP(unbracketed(host)) !== 0) return host
  try {
    return (await lookup(host, { verbatim: false })).address
  } catch {
    return undefined
  }
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function keyOf({ scheme, host, port, tlsServerName, verifiesTls }: Target): string {
  return `${scheme} ${host} ${port} ${tlsServerName} ${verifiesTls === true}`
}
