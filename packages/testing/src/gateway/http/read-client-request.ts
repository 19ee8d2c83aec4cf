import type { ClientConnection, ClientRequest, HeaderList } from '../../kong/index.js'
import type { ByteReader } from './byte-reader.js'
import { hasToken, headerValues } from './header-values.js'
import { readChunkedBody, readSizedBody, type MessageBody } from './read-body.js'
import { readHead, type MessageHead } from './read-head.js'

export interface ReadRequestOptions {
  /** nginx closes a connection without a request after this time, in ms. */
  readonly keepaliveMs: number
  /** Longest pause within a body, in ms. */
  readonly bodyMs: number
  /** Sends the interim response a client with `Expect: 100-continue` waits for. */
  readonly sendContinue: () => void
}

const REQUEST_LINE = /^([^ ]*) +(.*?)(?: +HTTP\/(1\.[0-9]))? *$/
const LARGEST_BODY_BYTES = 1024 * 1024 * 1024

/**
 * Reads the next request of a connection with its whole body. It refuses nothing itself: what nginx would refuse is told by the
 * transaction.
 * @returns undefined when the client sends no further request.
 */
export async function readClientRequest(
  reader: ByteReader,
  connection: ClientConnection,
  options: ReadRequestOptions,
): Promise<ClientRequest | undefined> {
  const head = await readHead(reader, options.keepaliveMs)
  if (typeof head === 'string') return undefined
  const [, method = '', target = '', version] = REQUEST_LINE.exec(head.firstLine) ?? []
  const httpVersion = version === undefined || version === '1.0' ? '1.0' : '1.1'
  const withHead = reader.buffered.length
  if (httpVersion === '1.1' && hasToken(head.headers, 'expect', '100-continue')) options.sendContinue()
  const body = await readBody(reader, head, options.bodyMs)
  return {
    method,
    target,
    httpVersion,
    headers: head.headers,
    body: body.bytes,
    bodyComplete: body.complete,
    bodyBytesWithHead: Math.min(withHead, body.bytes.length),
    ...connection,
  }
}

async function readBody(reader: ByteReader, head: MessageHead, timeoutMs: number): Promise<MessageBody> {
  if (hasToken(head.headers, 'transfer-encoding', 'chunked')) return readChunkedBody(reader, timeoutMs)
  const length = announcedLength(head.headers)
  if (length === 0) return { bytes: Buffer.alloc(0), complete: true, timedOut: false }
  return readSizedBody(reader, length, timeoutMs)
}

function announcedLength(headers: HeaderList): number {
  const [text = ''] = headerValues(headers, 'content-length')
  const length = /^\d{1,15}$/.test(text) ? Number(text) : 0
  return length <= LARGEST_BODY_BYTES ? length : 0
}
