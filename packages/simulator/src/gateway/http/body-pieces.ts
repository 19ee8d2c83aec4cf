import type { ByteReader } from '../net/byte-reader.js'

/** Why a body has no further piece: it is over, its chunks are none, the other side ended too early or fell silent. */
export type BodyEnd = 'complete' | 'malformed' | 'ended' | 'timeout'

/** A body as it comes, framing removed. The other side is held back while nobody asks for more. */
export interface BodyPieces {
  /** The next bytes, at least one; after the last of them the same end again and again. `timeoutMs`: longest wait for one read. */
  next(timeoutMs: number): Promise<Buffer | BodyEnd>
  /** Bytes taken off the wire so far, framing included. */
  readonly wireBytes: number
  /** True once the first piece was asked for. */
  readonly isBegun: boolean
  /** True when the body says itself where a piece ends. */
  readonly isChunked: boolean
  /** How it ended; undefined while there may be more. */
  readonly end: BodyEnd | undefined
}

/** A body that has no bytes. */
export const NO_BODY: BodyPieces = { next: async () => 'complete', wireBytes: 0, isBegun: false, isChunked: false, end: 'complete' }

/** A body whose length was announced, or with Infinity one that goes on until the other side ends. */
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

/** A body that was read to its end, or as far as it came. */
export interface WholeBody {
  readonly bytes: Buffer
  readonly end: BodyEnd | 'too-large'
}

/** Reads all of a body. More than `mostBytes` is not kept, and not waited for. */
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
