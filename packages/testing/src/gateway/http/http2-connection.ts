import { constants, performServerHandshake, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { ClientConnection, ClientRequest, ClientResponse, HeaderList } from '../../kong/index.js'
import type { HandleRequest } from './http1-connection.js'

/** Headers of HTTP/1 connections, which HTTP/2 does not allow. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])

/** Node would add a Date of its own. */
const HEADERS_AS_GIVEN = { endStream: false, sendDate: false }

/** Serves the streams of one HTTP/2 connection. */
export function serveHttp2(socket: TLSSocket, connection: ClientConnection, worker: number, handle: HandleRequest): void {
  const session = performServerHandshake(socket)
  session.on('error', () => session.destroy())
  session.on('stream', (stream: ServerHttp2Stream, _headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
    stream.on('error', () => stream.destroy())
    const chunks: Buffer[] = []
    const controller = new AbortController()
    stream.once('close', () => controller.abort())
    const client = { gone: controller.signal, respond: (response: ClientResponse) => respond(stream, response) }
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.once('end', () => void handle(toRequest(rawHeaders, Buffer.concat(chunks), connection), worker, client))
  })
}

function toRequest(rawHeaders: readonly string[], body: Buffer, connection: ClientConnection): ClientRequest {
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
    body,
    bodyComplete: true,
    ...connection,
  }
}

function respond(stream: ServerHttp2Stream, response: ClientResponse): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) return resolve()
    stream.once('close', () => resolve())
    if (response.kind === 'closed') stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    else if (response.kind === 'response') {
      // nginx sends such a header all the same, and clients treat the response as malformed.
      if (response.headers.some(([name]) => CONNECTION_HEADERS.has(name.toLowerCase())))
        return stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
      stream.respond(outgoing(response.status, response.headers), HEADERS_AS_GIVEN)
      stream.end(Buffer.from(response.body))
    }
  })
}

function outgoing(status: number, headers: HeaderList): Record<string, string | string[] | number> {
  const result: Record<string, string | string[] | number> = { [constants.HTTP2_HEADER_STATUS]: status }
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    const before = result[key]
    result[key] = before === undefined ? value : [before, value].flat().map(String)
  }
  return result
}
