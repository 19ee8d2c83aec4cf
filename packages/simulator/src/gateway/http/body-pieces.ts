import type { ByteReader } from '../net/byte-reader.js'

/** Why a body has no further piece: it is complete, its chunks are malformed, or the other side ended too early or is silent too long. */
export type BodyEnd = 'complete' | 'malformed' | 'ended' | 'timeout'

/** A body as it arrives, without its framing. While nobody asks for the next piece, the other side has to wait. */
export interface BodyPieces {
  /** The next bytes, at least one. After the last piece, every call returns the end. `timeoutMs`: longest wait for one read. */
  next(timeoutMs: number): Promise<Buffer | BodyEnd>
  /** Bytes read from the connection so far, with the framing. */
  readonly wireBytes: number
  /** True once the first piece was asked for. */
  readonly isBegun: boolean
  /** True for `Transfer-Encoding: chunked`, which marks where a piece ends. */
  readonly isChunked: boolean
  /** How it ended; undefined while there may be more. */
  readonly end: BodyEnd | undefined
}

/** A body that has no bytes. */
export const NO_BODY: BodyPieces = { next: async () => 'complete', wireBytes: 0, isBegun: false, isChunked: false, end: 'complete' }

/** A body with a known length. With the length Infinity it ends where the other side ends the connection. */
export class PlainBody implements BodyPieces {
  readonly #reader: ByteReader
  readonly isChunked = false
  isBegun = false
  wireBytes = 0
  end: BodyEnd | undefined

  constructor(
    reader: ByteReader,
    readonly length: number,
  ) {
    this.#reader = reader
    if (length === 0) this.end = 'complete'
  }

  async next(timeoutMs: number): Promise<Buffer | BodyEnd> {
    this.isBegun = true
    if (this.end !== undefined) return this.end
    const end = this.#reader.buffered.length > 0 ? undefined : await this.#reader.more(0, timeoutMs)
    if (end !== undefined) return (this.end = end === 'ended' && this.length === Infinity ? 'complete' : end)
    const piece = this.#reader.take(Math.min(this.length - this.wireBytes, this.#reader.buffered.length))
    this.wireBytes += piece.length
    if (this.wireBytes === this.length) this.end = 'complete'
    return piece
  }
}

/** A body that was read to its end, or to the point where it failed. */
interface WholeBody {
  readonly bytes: Buffer
  readonly end: BodyEnd | 'too-large'
}

/** Reads a whole body. Stops when it is longer than `mostBytes`, and then returns no bytes of it. */
export async function readWholeBody(body: BodyPieces, timeoutMs: number, mostBytes: number): Promise<WholeBody> {
  const parts: Buffer[] = []
  let length = 0
  for (;;) {
    const piece = await body.next(timeoutMs)
    if (typeof piece === 'string') return { bytes: Buffer.concat(parts, length), end: piece }
    length += piece.length
    if (length > mostBytes) return { bytes: Buffer.alloc(0), end: 'too-large' }
    parts.push(piece)
  }
}

/** The body of a client that sent `Expect: 100-continue`. Sends `100 Continue` when the first piece is asked for. */
export class ExpectingBody implements BodyPieces {
  readonly #body: BodyPieces
  readonly #sendContinue: () => void
  isBegun = false

  constructor(body: BodyPieces, sendContinue: () => void) {
    this.#body = body
    this.#sendContinue = sendContinue
  }

  get wireBytes(): number {
    return this.#body.wireBytes
  }

  get isChunked(): boolean {
    return this.#body.isChunked
  }

  /** Undefined until `100 Continue` is sent, because it is not known before whether the client sends the body. */
  get end(): BodyEnd | undefined {
    return this.isBegun ? this.#body.end : undefined
  }

  next(timeoutMs: number): Promise<Buffer | BodyEnd> {
    if (!this.isBegun) this.#sendContinue()
    this.isBegun = true
    return this.#body.next(timeoutMs)
  }
}

/** nginx's `lingering_timeout`, the longest pause, and `lingering_time`, the longest time altogether, in ms. */
const PAUSE_MS = 5_000
const LONGEST_MS = 30_000

/**
 * Reads a body that nobody wanted, so that the next request can be read from the connection. Does not read a body that somebody has read
 * in part, or that the client sends only after `100 Continue`: the caller then closes the connection.
 * @returns true when the body is complete.
 */
export async function discardBody(body: BodyPieces, isExpecting: boolean): Promise<boolean> {
  if (body.end !== undefined) return body.end === 'complete'
  if (body.isBegun || isExpecting) return false
  const deadline = performance.now() + LONGEST_MS
  while (performance.now() < deadline) {
    const piece = await body.next(PAUSE_MS)
    if (typeof piece === 'string') return piece === 'complete'
  }
  return false
}
