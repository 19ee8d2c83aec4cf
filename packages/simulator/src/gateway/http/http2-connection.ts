import { performServerHandshake, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { ClientConnection, ClientRequest } from '../../model/index.js'
import type { ClientTimeouts } from './client-timeouts.js'
import { Http2Exchange } from './http2-exchange.js'
import type { HandleRequest } from './waiting-client.js'

const NO_BYTES = new Uint8Array()

/** Serves the streams of one HTTP/2 connection. */
export function serveHttp2(
  socket: TLSSocket,
  connection: ClientConnection,
  worker: number,
  timeouts: ClientTimeouts,
  handle: HandleRequest,
): void {
  const session = performServerHandshake(socket)
  session.on('error', () => session.destroy())
  session.on('stream', (stream: ServerHttp2Stream, _headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
    stream.on('error', () => stream.destroy())
    void handle(toRequest(rawHeaders, !stream.endAfterHeaders, connection), worker, new Http2Exchange(stream, timeouts))
  })
}

function toRequest(rawHeaders: readonly string[], bodyFollows: boolean, connection: ClientConnection): ClientRequest {
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  const pseudo = (name: string): string | undefined => pairs.find(([each]) => each === name)?.[1]
  const authority = pseudo(':authority')
  const headers = pairs.filter(([name]) => !name.startsWith(':'))
  return {
    method: pseudo(':method') ?? '',
    target: pseudo(':path') ?? '',
    httpVersion: '2',
    headers: authority === undefined ? headers : [['host', authority], ...headers],
    body: NO_BYTES,
    bodyFollows,
    ...connection,
  }
}
