import type { Server as HttpServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { GatewayStartError } from '../report/gateway-report.js'

/** Binds a server. @throws GatewayStartError that names the port, when it cannot be bound. */
export function listenOn(server: Server, address: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const reason =
        error.code === 'EADDRINUSE'
          ? 'is in use by another program; stop it or choose another port'
          : `cannot be bound (${error.code ?? error.message}); choose another port`
      reject(new GatewayStartError(`port ${address.port} of ${address.host} ${reason}`, { cause: error }))
    }
    server.once('error', failed)
    server.listen(address.port, address.host, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

/** Port a bound server listens on. */
export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Closes a server and all its connections. */
export async function closeHttpServer(server: HttpServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
