import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { ClientRequest, ClientResponse } from '../../kong/index.js'
import type { ListenAddress } from '../settings/kong-settings.js'
import { GatewayStartError } from '../gateway-errors.js'
import { ByteReader } from './byte-reader.js'
import { readClientRequest } from './read-client-request.js'
import { writeClientResponse } from './write-client-response.js'

const KEEPALIVE_MS = 75_000
const BODY_MS = 60_000
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

/** Answers one request; `respond` is called once, and the log phase may go on after it. */
export type HandleRequest = (request: ClientRequest, worker: number, respond: (response: ClientResponse) => Promise<void>) => Promise<void>

/** An HTTP/1 listener on loopback whose connections are shared out among Kong's workers. */
export class ClientListener {
  private readonly server: Server
  private readonly connections = new Set<Socket>()
  private accepted = 0

  constructor(
    private readonly handle: HandleRequest,
    private readonly workers: number,
  ) {
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => void this.serve(socket))
  }

  /** Port it listens on. */
  get port(): number {
    return portOf(this.server)
  }

  /** @throws GatewayStartError naming the port when it is in use. */
  listen(address: ListenAddress): Promise<void> {
    return listenOn(this.server, address)
  }

  /** Stops accepting and closes every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    for (const socket of this.connections) socket.destroy()
    await closed
  }

  private async serve(socket: Socket): Promise<void> {
    const worker = this.accepted++ % this.workers
    this.connections.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.connections.delete(socket))
    const reader = new ByteReader(socket)
    const facts = { peer: { ip: ipOf(socket.remoteAddress), port: socket.remotePort ?? 0 }, local: { ip: ipOf(socket.localAddress), port: socket.localPort ?? 0 } }
    for (;;) {
      const sendContinue = (): void => void socket.write(CONTINUE)
      const request = await readClientRequest(reader, facts, { keepaliveMs: KEEPALIVE_MS, bodyMs: BODY_MS, sendContinue })
      if (request === undefined) break
      const goesOn = await this.answer(request, worker, socket)
      if (!goesOn) break
    }
    socket.end()
  }

  /** @returns true when another request may follow on the connection. */
  private answer(request: ClientRequest, worker: number, socket: Socket): Promise<boolean> {
    return new Promise((resolve) => {
      const respond = async (response: ClientResponse): Promise<void> => {
        if (response.kind === 'response') {
          await writeClientResponse(socket, response)
          resolve(!response.closes)
        } else if (response.kind === 'closed') {
          socket.destroy()
          resolve(false)
        } else socket.once('close', () => resolve(false))
      }
      void this.handle(request, worker, respond)
    })
  }
}

/** Binds a server. @throws GatewayStartError naming the port when it is in use. */
export function listenOn(server: Server, address: Pick<ListenAddress, 'host' | 'port'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use by another program; stop it or choose another port' : `cannot be bound (${error.code ?? error.message}); choose another port`
      reject(new GatewayStartError(`port ${address.port} of ${address.host} ${reason}`, { cause: error }))
    })
    server.listen(address.port, address.host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

/** Port a bound server listens on. */
export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function ipOf(address: string | undefined): string {
  return (address ?? '127.0.0.1').replace(/^::ffff:/, '')
}
