import { type ClientConnection, type ClientRequest, type HeaderList, headOverflow } from '../../model/index.js'
import type { ByteReader } from '../net/byte-reader.js'
import type { ClientTimeouts } from '../settings/client-timeouts.js'
import { type BodyPieces, NO_BODY, PlainBody, readWholeBody, ExpectingBody } from './body-pieces.js'
import { ChunkedBody } from './chunked-coding.js'
import { hasToken, headerValues, type MessageHead, takeHead, takePartialHead } from './message-head.js'

/** A request whose head was read, and its body, which was not read yet. */
interface IncomingRequest {
  readonly request: ClientRequest
  readonly body: BodyPieces
}

interface ReadRequestOptions {
  readonly timeouts: Pick<ClientTimeouts, 'head'>
  /** Longest wait for the first byte, in ms. */
  readonly idleMs: number
  /** Sends `100 Continue` to a client that waits for it. */
  readonly sendContinue: () => void
}

const REQUEST_LINE = /^([^ ]*) +(.*?)(?: +HTTP\/(1\.[0-9]))? *$/
const NO_BYTES = new Uint8Array()

/**
 * Reads the head of the next request of a connection. Accepts every head: the transaction decides what nginx would refuse.
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
  // nginx has read a body that arrived with its head, even if the route has request_buffering: false.
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

/** A client's head, complete or cut off. */
interface ClientHead extends MessageHead {
  /** Why it is cut off. An oversized head is treated as complete so that the caller can answer 400 or 414. */
  readonly headEnd?: 'ended' | 'timeout'
}

/**
 * Reads the next head of a client's connection.
 * @param idleMs longest wait for its first byte.
 * @param headMs longest wait for the rest.
 * @returns undefined when the client ended, or was silent, before it sent a whole request line.
 */
async function readClientHead(reader: ByteReader, idleMs: number, headMs: number): Promise<ClientHead | undefined> {
  if (reader.buffered.length === 0 && (await reader.more(0, idleMs)) !== undefined) return undefined
  const deadline = performance.now() + headMs
  for (;;) {
    const head = takeHead(reader)
    if (head !== undefined) return head
    const { buffered } = reader
    if (headOverflow(lineLengths(buffered)) !== undefined) return takePartialHead(reader)
    const end = await reader.more(buffered.length, Math.max(0, deadline - performance.now()))
    if (end !== undefined) return buffered.includes(0x0a) ? { ...takePartialHead(reader), headEnd: end } : undefined
  }
}

function lineLengths(bytes: Buffer): number[] {
  const lengths: number[] = []
  let from = 0
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, from)) {
    lengths.push(at + 1 - from)
    from = at + 1
  }
  if (from < bytes.length) lengths.push(bytes.length - from)
  return lengths
}
