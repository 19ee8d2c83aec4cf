import type { ServiceFailure, ServiceRequest, ServiceResponse } from '../../kong/index.js'
import { headerValues, hasToken } from './header-values.js'
import { readBodyToEnd, readChunkedBody, readSizedBody, type MessageBody } from './read-body.js'
import { readHead, type MessageHead } from './read-head.js'
import type { UpstreamConnection, UpstreamPool } from './upstream-pool.js'
import { headBytes } from './write-client-response.js'

const STATUS_LINE = /^HTTP\/(1\.[01]) +(\d{3})(?: +(.*))?$/
const LAST_CHUNK = '0\r\n\r\n'

/**
 * Sends a request to a service as Kong has put it together, and reads the whole answer.
 * @param gone aborted when the client goes away: the service is then left too.
 */
export async function sendServiceRequest(
  pool: UpstreamPool,
  request: ServiceRequest,
  gone: AbortSignal,
): Promise<ServiceResponse | ServiceFailure> {
  // nginx sends nothing before it has the whole body, and a client that announced more than it sent never gives it.
  if (!isWhole(request)) await aborted(gone)
  for (;;) {
    if (gone.aborted) return { failure: 'closed' }
    const connection = await pool.take(request, request.timeouts.connect, gone)
    if ('failure' in connection) return connection
    const leave = (): void => void connection.socket.destroy()
    gone.addEventListener('abort', leave)
    writeRequest(connection, request)
    const answer = await readAnswer(connection, request)
    gone.removeEventListener('abort', leave)
    if ('failure' in answer) {
      connection.socket.destroy()
      // The service had closed the kept connection meanwhile: nothing of this request reached it.
      if (answer.failure === 'closed' && connection.reused && !gone.aborted) continue
      return { ...answer, address: connection.address }
    }
    if (answer.keepsConnection) pool.keep(request, connection)
    else connection.socket.destroy()
    const { response } = answer
    return { ...response, truncated: response.truncated === true || gone.aborted, address: connection.address }
  }
}

function isWhole(request: ServiceRequest): boolean {
  const [announced] = headerValues(request.headers, 'content-length')
  return request.complete && (request.chunked || announced === undefined || Number(announced) <= request.body.length)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function writeRequest({ socket }: UpstreamConnection, request: ServiceRequest): void {
  const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength)
  const head = headBytes(`${request.method} ${request.target} HTTP/${request.httpVersion}`, request.headers)
  if (!request.chunked) socket.write(Buffer.concat([head, body]))
  else if (body.length === 0) socket.write(Buffer.concat([head, Buffer.from(LAST_CHUNK)]))
  else socket.write(Buffer.concat([head, Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from(`\r\n${LAST_CHUNK}`)]))
}

async function readAnswer(
  { reader }: UpstreamConnection,
  request: ServiceRequest,
): Promise<ServiceFailure | { response: ServiceResponse; keepsConnection: boolean }> {
  const head = await readHead(reader, request.timeouts.read)
  if (head === 'timeout') return { failure: 'read-timeout' }
  if (typeof head === 'string') return { failure: reader.buffered.length > 0 ? 'invalid' : 'closed' }
  const [, httpVersion, status, reason = ''] = STATUS_LINE.exec(head.firstLine) ?? []
  if (httpVersion === undefined || status === undefined) return { failure: 'invalid' }
  const code = Number(status)
  const { body, keepsConnection } = await readBody(reader, request, head, code)
  return {
    keepsConnection: keepsConnection && body.complete && httpVersion === '1.1' && !hasToken(head.headers, 'connection', 'close'),
    response: {
      httpVersion: httpVersion === '1.0' ? '1.0' : '1.1',
      status: code,
      reason,
      headers: head.headers,
      body: body.bytes,
      truncated: !body.complete,
    },
  }
}

async function readBody(
  reader: UpstreamConnection['reader'],
  request: ServiceRequest,
  head: MessageHead,
  status: number,
): Promise<{ body: MessageBody; keepsConnection: boolean }> {
  const timeoutMs = request.timeouts.read
  if (request.method === 'HEAD' || status === 204 || status === 304) {
    return { body: { bytes: Buffer.alloc(0), complete: true, timedOut: false }, keepsConnection: true }
  }
  if (hasToken(head.headers, 'transfer-encoding', 'chunked'))
    return { body: await readChunkedBody(reader, timeoutMs), keepsConnection: true }
  const [length] = headerValues(head.headers, 'content-length')
  if (length !== undefined && /^\d{1,15}$/.test(length))
    return { body: await readSizedBody(reader, Number(length), timeoutMs), keepsConnection: true }
  return { body: await readBodyToEnd(reader, timeoutMs), keepsConnection: false }
}
