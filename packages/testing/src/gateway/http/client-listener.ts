import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket } from 'node:tls'
import type { ListenAddress } from '../settings/kong-settings.js'
import { serveHttp1, type HandleRequest } from './http1-connection.js'
import { serveHttp2 } from './http2-connection.js'
import { listenOn, portOf } from './listen-on.js'
import type { ConnectionFacts } from './read-client-request.js'

/** Key and certificate of a TLS listener, PEM. */
export interface TlsIdentity {
  readonly key: string
  readonly cert: string
}

export interface ClientListenerOptions {
  readonly handle: HandleRequest
  /** Connections are shared out among this many workers. */
  readonly workers: number
  /** Asked for when the address says `ssl`. */
  readonly tlsIdentity: () => Promise<TlsIdentity>
}

/** One address of `proxy_listen`, on loopback: HTTP/1, with TLS and HTTP/2 if its flags say so. */
export class ClientListener {
  private readonly connections = new Set<Socket>()
  private accepted = 0

  private constructor(
    private readonly server: Server,
    readonly address: ListenAddress,
    private readonly options: ClientListenerOptions,
  ) {}

  /** @throws GatewayStartError naming the port when it is in use. */
  static async listen(address: ListenAddress, options: ClientListenerOptions): Promise<ClientListener> {
    const serve = (socket: Socket): void => listener.serve(socket)
    const plain = { allowHalfOpen: true, noDelay: true }
    const server = address.tls
      ? createTlsServer({ ...plain, ...(await options.tlsIdentity()), ALPNProtocols: address.http2 ? ['h2', 'http/1.1'] : ['http/1.1'] }, serve)
      : createServer(plain, serve)
    const listener = new ClientListener(server, address, options)
    // Connections count from the start, so that one that is still shaking hands does not outlive close().
    server.on('connection', (socket: Socket) => listener.track(socket))
    await listenOn(server, address)
    return listener
  }

  /** Port it listens on. */
  get port(): number {
    return portOf(this.server)
  }

  get connectionCount(): number {
    return this.connections.size
  }

  /** Stops accepting and closes every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    for (const socket of this.connections) socket.destroy()
    await closed
  }

  private track(socket: Socket): void {
    this.connections.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.connections.delete(socket))
  }

  private serve(socket: Socket): void {
    socket.on('error', () => socket.destroy())
    const worker = this.accepted++ % this.options.workers
    const facts = connectionFacts(socket)
    if (socket instanceof TLSSocket && socket.alpnProtocol === 'h2') serveHttp2(socket, facts, worker, this.options.handle)
    else void serveHttp1(socket, facts, worker, this.options.handle)
  }
}

function connectionFacts(socket: Socket): ConnectionFacts {
  return {
    peer: { ip: ipOf(socket.remoteAddress), port: socket.remotePort ?? 0 },
    local: { ip: ipOf(socket.localAddress), port: socket.localPort ?? 0 },
    ...(socket instanceof TLSSocket ? { tls: tlsFacts(socket) } : {}),
  }
}

function tlsFacts(socket: TLSSocket): NonNullable<ConnectionFacts['tls']> {
  const { servername } = socket
  return { version: socket.getProtocol() ?? 'TLSv1.3', cipher: socket.getCipher().name, ...(typeof servername === 'string' ? { serverName: servername } : {}) }
}

function ipOf(address: string | undefined): string {
  return (address ?? '127.0.0.1').replace(/^::ffff:/, '')
}
