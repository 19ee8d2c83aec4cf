import type { Duplex } from 'node:stream'
import type { ClientConnection, ClientRequest, ClientResponse } from '../../kong/index.js'
import { ByteReader } from './byte-reader.js'
import { readClientRequest } from './read-client-request.js'
import { writeClientResponse } from './write-client-response.js'

const KEEPALIVE_MS = 75_000
const BODY_MS = 60_000
const LINGERING_MS = 5_000
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

/** The one who waits for an answer. */
export interface WaitingClient {
  /** Sends the answer; called once. The log phase may go on after it. */
  respond(response: ClientResponse): Promise<void>
  /** Aborted when the client goes away before it has its answer. */
  readonly gone: AbortSignal
}

/** Answers one request in one of the workers. */
export type HandleRequest = (request: ClientRequest, worker: number, client: WaitingClient) => Promise<void>

/** Serves the requests of one HTTP/1 connection one after the other. */
export async function serveHttp1(stream: Duplex, connection: ClientConnection, worker: number, handle: HandleRequest): Promise<void> {
  const reader = new ByteReader(stream)
  const sendContinue = (): void => void stream.write(CONTINUE)
  for (;;) {
    const request = await readClientRequest(reader, connection, { keepaliveMs: KEEPALIVE_MS, bodyMs: BODY_MS, sendContinue })
    if (request === undefined || !(await answer(request))) break
  }
  closeLingering(stream)

  /** Resolves to true when another request may follow on the connection. */
  function answer(request: ClientRequest): Promise<boolean> {
    return new Promise((resolve) => {
      const controller = new AbortController()
      const stopWatching = reader.watchEnd(() => controller.abort())
      const finish = (goesOn: boolean): void => {
        stopWatching()
        resolve(goesOn)
      }
      const respond = async (response: ClientResponse): Promise<void> => {
        if (response.kind === 'response') {
          await writeClientResponse(stream, response)
          finish(!response.closes)
        } else if (response.kind === 'closed' || controller.signal.aborted) {
          stream.destroy()
          finish(false)
        } else controller.signal.addEventListener('abort', () => finish(false), { once: true })
      }
      void handle(request, worker, { respond, gone: controller.signal })
    })
  }
}

/** Ends our side and takes what the client still sends for a moment, as nginx does, so that it can read the answer before the end. */
function closeLingering(stream: Duplex): void {
  if (stream.destroyed) return
  stream.end()
  stream.resume()
  const timer = setTimeout(() => stream.destroy(), LINGERING_MS)
  stream.once('close', () => clearTimeout(timer))
}
