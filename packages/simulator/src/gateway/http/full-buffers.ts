/** `proxy_buffer_size` and the size of each of `proxy_buffers`. */
const BUFFER_BYTES = 4096

/**
 * nginx's response buffers, for bodies that do not say where a piece ends: bytes go on when a buffer is full, what is left over when the
 * body ends.
 */
export class FullBuffers {
  private held: Buffer[] = []
  private heldBytes = 0
  /** Bytes until the current buffer is full. */
  private room: number

  /** @param headLength length of the service's head, which lies in the first buffer too. */
  constructor(headLength: number) {
    this.room = BUFFER_BYTES - (headLength % BUFFER_BYTES)
  }

  /** Takes bytes in. @returns those that may go on, often none. */
  add(piece: Buffer): Buffer {
    const all = this.heldBytes + piece.length
    if (all < this.room) {
      this.hold(Buffer.from(piece))
      return Buffer.alloc(0)
    }
    const full = this.room + Math.floor((all - this.room) / BUFFER_BYTES) * BUFFER_BYTES
    const kept = all - full
    const out = this.rest(piece.subarray(0, piece.length - kept))
    this.room = BUFFER_BYTES
    // A copy, so that a few bytes do not keep a large piece in memory.
    if (kept > 0) this.hold(Buffer.from(piece.subarray(piece.length - kept)))
    return out
  }

  /** What is held back, with `more` behind it. */
  rest(more: Buffer = Buffer.alloc(0)): Buffer {
    const out = this.held.length === 0 ? more : Buffer.concat([...this.held, more])
    this.held = []
    this.heldBytes = 0
    return out
  }

  private hold(piece: Buffer): void {
    this.held.push(piece)
    this.heldBytes += piece.length
  }
}
