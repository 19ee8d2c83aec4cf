import type { BodyEnd, BodyPieces } from './body-pieces.js'

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
