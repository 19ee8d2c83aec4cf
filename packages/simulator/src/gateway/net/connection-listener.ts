import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { ClientConnection } from '../../model/index.js'
import type { ListenAddress } from '../settings/kong-settings.js'
import { listenOn, portOf } from './listen-on.js'
import { TEST_IDENTITY } from './test-identity.js'

export interface ConnectionListenerOptions {
  /** Number of workers; connections go to one after the other. */
  readonly workers: number
  /** Runs during a TLS handshake; the connection is ended when it returns false. */
  readonly handshake: (connection: ClientConnection, worker: number) => Promise<boolean>
  /** Gets each connection, on a TLS address after the handshake. */
  readonly serve: (socket: Socket, connection: ClientConnection, worker: number) => void
}

/** One address that Kong listens on, with TLS if its flags say so. */
export class ConnectionListener {
  readonly #server: Server
  readonly #options: ConnectionListenerOptions
  readonly #connections = new Set<Socket>()
  #accepted = 0

  private constructor(
    server: Server,
    readonly address: ListenAddress,
    options: ConnectionListenerOptions,
  ) {
    this.#server = server
    this.#options = options
  }

  /** @throws GatewayStartError that names the port, when it cannot be bound. */
  static async listen(address: ListenAddress, options: ConnectionListenerOptions): Promise<ConnectionListener> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => listener.#accept(socket))
    const listener = new ConnectionListener(server, address, options)
    await listenOn(server, address)
    return listener
  }

  /** Port it listens on. */
  get port(): number {
    return portOf(this.#server)
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  /** Stops accepting and closes every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#connections) socket.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    this.#connections.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#connections.delete(socket))
    const worker = this.#accepted++ % this.#options.workers
    const connection = { peer: endOf(socket.remoteAddress, socket.remotePort), local: endOf(socket.localAddress, socket.localPort) }
    if (this.address.tls) this.#secure(socket, connection, worker)
    else this.#options.serve(socket, connection, worker)
  }

  #secure(socket: Socket, connection: ClientConnection, worker: number): void {
    const begin = (serverName: string | undefined): Promise<boolean> => {
      const tls = { version: 'TLSv1.3', cipher: '', ...(serverName === undefined ? {} : { serverName }) }
      return this.#options.handshake({ ...connection, tls }, worker)
    }
    let begun: Promise<boolean> | undefined
    // One TLS server per connection, which never listens, so that its SNICallback knows the connection.
    const server = createTlsServer({
      ...TEST_IDENTITY,
      ALPNProtocols: this.address.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      SNICallback: (serverName, done) => {
        begun = begin(serverName)
        void begun.then((goesOn) => (goesOn ? done(null) : socket.destroy()))
      },
    })
    server.on('tlsClientError', () => socket.destroy())
    server.on('secureConnection', (secure) => {
      secure.on('error', () => socket.destroy())
      // For a client that sends no server name, SNICallback is not called: the phase runs after the handshake.
      void (begun ?? begin(undefined)).then((goesOn) => {
        if (goesOn) this.#options.serve(secure, { ...connection, tls: tlsFacts(secure) }, worker)
        else socket.destroy()
      })
    })
    server.emit('connection', socket)
  }
}

function tlsFacts(socket: TLSSocket): NonNullable<ClientConnection['tls']> {
  const { servername } = socket
  return {
    version: socket.getProtocol() ?? 'TLSv1.3',
    cipher: socket.getCipher().name,
    ...(typeof servername === 'string' ? { serverName: servername } : {}),
  }
}

function endOf(address: string | undefined, port: number | undefined): ClientConnection['peer'] {
  return { ip: (address ?? '127.0.0.1').replace(/^::ffff:/, ''), port: port ?? 0 }
}
