import type { Duplex } from 'node:stream'
import type { ClientConnection } from '../../model/index.js'
import { ByteReader } from './byte-reader.js'
import type { ClientTimeouts } from './client-timeouts.js'
import { Http1Exchange } from './http1-exchange.js'
import { readClientRequest } from './read-client-request.js'
import type { HandleRequest } from './waiting-client.js'

const LINGERING_MS = 5_000
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

/** Serves the requests of one HTTP/1 connection one after the other. */
export async function serveHttp1(
  stream: Duplex,
  connection: ClientConnection,
  worker: number,
  timeouts: ClientTimeouts,
  handle: HandleRequest,
): Promise<void> {
  const reader = new ByteReader(stream)
  const sendContinue = (): void => void stream.write(CONTINUE)
  for (let idleMs = timeouts.head; ; idleMs = timeouts.keepalive) {
    const incoming = await readClientRequest(reader, connection, { timeouts, idleMs, sendContinue })
    if (incoming === undefined) break
    const exchange = new Http1Exchange(stream, reader, incoming.body, timeouts)
    void handle(incoming.request, worker, exchange)
    if (!(await exchange.over)) break
  }
  closeLingering(stream)
}

/** Ends our side and takes what the client still sends for a moment, as nginx does, so that it can read the answer before the end. */
function closeLingering(stream: Duplex): void {
  if (stream.destroyed) return
  stream.end()
  stream.resume()
  const timer = setTimeout(() => stream.destroy(), LINGERING_MS)
  stream.once('close', () => clearTimeout(timer))
}
