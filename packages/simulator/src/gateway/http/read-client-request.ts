import type { ClientConnection, ClientRequest, HeaderList } from '../../model/index.js'
import { NO_BODY, PlainBody, type BodyPieces } from './body-pieces.js'
import type { ByteReader } from './byte-reader.js'
import { ChunkedBody } from './chunked-body.js'
import type { ClientTimeouts } from './client-timeouts.js'
import { ExpectingBody } from './expecting-body.js'
import { hasToken, headerValues } from './header-values.js'
import { readClientHead } from './read-client-head.js'
import { readWholeBody } from './read-whole-body.js'

/** A request whose body is still on the connection. */
export interface IncomingRequest {
  readonly request: ClientRequest
  readonly body: BodyPieces
}

export interface ReadRequestOptions {
  readonly timeouts: Pick<ClientTimeouts, 'head'>
  /** Longest wait for the first byte, in ms. */
  readonly idleMs: number
  /** Sends the interim response a client with `Expect: 100-continue` waits for. */
  readonly sendContinue: () => void
}

const REQUEST_LINE = /^([^ ]*) +(.*?)(?: +HTTP\/(1\.[0-9]))? *$/
const NO_BYTES = new Uint8Array()

/**
 * Reads the head of the next request of a connection. It refuses nothing itself: what nginx would refuse is told by the transaction.
 * @returns undefined when the client sends no further request.
 */
export async function readClientRequest(
  reader: ByteReader,
  connection: ClientConnection,
  { timeouts, idleMs, sendContinue }: ReadRequestOptions,
): Promise<IncomingRequest | undefined> {
  const head = await readClientHead(reader, idleMs, timeouts.head)
  if (head === undefined) return undefined
  const [, method = '', target = '', version] = REQUEST_LINE.exec(head.firstLine) ?? []
  const httpVersion = version === undefined || version === '1.0' ? '1.0' : '1.1'
  const withHead = reader.buffered.length
  const framed = framedBody(reader, head.headers)
  const isExpecting = httpVersion === '1.1' && hasToken(head.headers, 'expect', '100-continue')
  // To nginx a body that came with its head is there, whatever the route says of buffering.
  const isHere = framed instanceof PlainBody && framed.length <= withHead && !isExpecting
  const body = isHere ? await readWholeBody(framed, 0, framed.length) : undefined
  return {
    request: {
      method,
      target,
      httpVersion,
      headers: head.headers,
      body: body?.bytes ?? NO_BYTES,
      bodyFollows: isExpecting || framed.end === undefined,
      bodyBytesWithHead: withHead,
      ...(head.headEnd === undefined ? {} : { headEnd: head.headEnd }),
      ...connection,
    },
    body: isExpecting ? new ExpectingBody(framed, sendContinue) : framed,
  }
}

function framedBody(reader: ByteReader, headers: HeaderList): BodyPieces {
  if (hasToken(headers, 'transfer-encoding', 'chunked')) return new ChunkedBody(reader)
  const [text = ''] = headerValues(headers, 'content-length')
  const length = /^\d{1,15}$/.test(text) ? Number(text) : 0
  return length === 0 ? NO_BODY : new PlainBody(reader, length)
}
