import type { Duplex } from 'node:stream'
import type { ClientRequest, ClientResponse } from '../../kong/index.js'
import { ByteReader } from './byte-reader.js'
import { readClientRequest, type ConnectionFacts } from './read-client-request.js'
import { writeClientResponse } from './write-client-response.js'

const KEEPALIVE_MS = 75_000
const BODY_MS = 60_000
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

/** Answers one request; `respond` is called once, and the log phase may go on after it. */
export type HandleRequest = (request: ClientRequest, worker: number, respond: (response: ClientResponse) => Promise<void>) => Promise<void>

/** Serves the requests of one HTTP/1 connection one after the other. */
export async function serveHttp1(stream: Duplex, facts: ConnectionFacts, worker: number, handle: HandleRequest): Promise<void> {
  const reader = new ByteReader(stream)
  const sendContinue = (): void => void stream.write(CONTINUE)
  for (;;) {
    const request = await readClientRequest(reader, facts, { keepaliveMs: KEEPALIVE_MS, bodyMs: BODY_MS, sendContinue })
    if (request === undefined || !(await answer(request))) break
  }
  stream.end()

  /** Resolves to true when another request may follow on the connection. */
  function answer(request: ClientRequest): Promise<boolean> {
    return new Promise((resolve) => {
      const respond = async (response: ClientResponse): Promise<void> => {
        if (response.kind === 'response') {
          await writeClientResponse(stream, response)
          resolve(!response.closes)
        } else if (response.kind === 'closed') {
          stream.destroy()
          resolve(false)
        } else stream.once('close', () => resolve(false))
      }
      void handle(request, worker, respond)
    })
  }
}
