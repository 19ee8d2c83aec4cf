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
