import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { KongTsError } from '@kong-ts/core'
import type { ClientRequest } from '@kong-ts/simulator'
import { TestResponse } from '../../exchange/test-message.js'
import { headerPairs } from './upstream-recorder.js'

/** Longest head of a response. */
const MAX_HEADER_BYTES = 1024 * 1024

/** What a client got; undefined when the connection was closed without an answer. */
export type ClientAnswer = TestResponse | undefined

/**
 * Sends a request with exactly its own headers, over a connection of its own.
 *
 * @param origin `http://host:port` or `https://host:port`. Certificates are not checked: a Kong for tests makes its own.
 * @throws KongTsError (ERR_TEST) when nothing listens there, or no answer comes within `timeoutMs` milliseconds.
 */
export function sendRequest(origin: string, request: ClientRequest, timeoutMs: number): Promise<ClientAnswer> {
  const { protocol, hostname, port } = new URL(origin)
  const options = {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    method: request.method,
    path: request.target,
    setHost: false,
    agent: false as const,
  }
  const place = port === '' ? options : { ...options, port }
  return new Promise((resolve, reject) => {
    const limits = { maxHeaderSize: MAX_HEADER_BYTES }
    const outgoing =
      protocol === 'https:'
        ? httpsRequest({ ...place, ...limits, servername: request.tls?.serverName ?? '', rejectUnauthorized: false })
        : httpRequest({ ...place, ...limits })
    const timer = setTimeout(() => {
      reject(
        new KongTsError(
          'ERR_TEST',
          `no answer within ${timeoutMs} ms from ${origin}: look for what hangs, or raise the scenario's timeoutMs`,
        ),
      )
      outgoing.destroy()
    }, timeoutMs)
    function settle(answer: ClientAnswer): void {
      clearTimeout(timer)
      resolve(answer)
    }
    outgoing.on('response', (response) => void readResponse(response).then(settle))
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') settle(undefined)
      else
        reject(
          new KongTsError('ERR_TEST', `${origin} takes no requests (${error.code ?? error.message}): is Kong running there?`, {
            cause: error,
          }),
        )
    })
    // A request in memory does not have these headers either, unless the test sets them. Node adds them by itself.
    for (const name of ['connection', 'content-length', 'transfer-encoding']) outgoing.removeHeader(name)
    for (const [name, value] of request.headers) outgoing.appendHeader(name, value)
    outgoing.end(request.body)
  })
}

/** An answer that ends early counts: it is what the client got. */
async function readResponse(response: IncomingMessage): Promise<TestResponse> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of response) chunks.push(Buffer.from(chunk))
  } catch {
    // The connection ended before the body did.
  }
  return new TestResponse(response.statusCode ?? 0, response.statusMessage ?? '', headerPairs(response.rawHeaders), Buffer.concat(chunks))
}
