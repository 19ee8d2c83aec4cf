import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { ClientConnection } from '../../model/index.js'
import type { ClientTimeouts } from '../settings/client-timeouts.js'
import { serveHttp1 } from './http1-connection.js'
import { serveHttp2 } from './http2-connection.js'
import type { HandleRequest } from './waiting-client.js'

/** Serves the requests of a connection: HTTP/2 when the TLS handshake has chosen it, else HTTP/1. */
export function serveHttp(
  socket: Socket,
  connection: ClientConnection,
  worker: number,
  timeouts: ClientTimeouts,
  handle: HandleRequest,
): void {
  if (socket instanceof TLSSocket && socket.alpnProtocol === 'h2') serveHttp2(socket, connection, worker, timeouts, handle)
  else void serveHttp1(socket, connection, worker, timeouts, handle)
}
