import { ProtocolError } from '../errors/server-errors.js'
import { ByteQueue, type BufferBudget } from '../wire/byte-queue.js'
import { LONGEST_READ, messageTooLarge } from '../wire/limits.js'

const LENGTH_BYTES = 4
const NO_BYTES = Buffer.alloc(0)

/**
 * Finds the frames in the bytes of one connection. A read may bring part of a frame or several: Kong writes a frame's length and its bytes
 * separately. Use: `open`, `next` until it returns `undefined`, `close`. The rest waits for the next `open`.
 *
 * A frame that breaks a limit is skipped, and `next` returns an error in its place. Kong must get an answer: if the connection were closed,
 * Kong would send the frame again and again.
 */
export class FrameReader {
  readonly #limit: number
  readonly #kept: ByteQueue
  #source: Buffer = NO_BYTES
  /** Where the bytes of the source end; what follows is of an earlier read. */
  #end = 0
  #position = 0
  /** Length of the frame whose bytes come next; -1 while its length is missing. */
  #announced = -1
  /** Bytes to skip of a refused frame. */
  #skip = 0
  /** Why the frame is refused. */
  #refused: ProtocolError | undefined
  #isKept = false

  /** @param limit bytes of the longest frame. */
  constructor(limit: number, budget: BufferBudget) {
    this.#limit = limit
    this.#kept = new ByteQueue(limit + LONGEST_READ, budget)
  }

  /** Whether unread bytes wait. They may hold a frame. */
  get waiting(): boolean {
    return this.#kept.length > 0
  }

  /** @param buffer the first `length` bytes are what the socket read, if anything. They may be overwritten after `close`. */
  open(buffer: Buffer = NO_BYTES, length = buffer.length): void {
    this.#position = 0
    this.#source = buffer
    this.#end = length
    if (this.#kept.length === 0) return
    this.#keep(buffer.subarray(0, length), 0)
    // When there was no memory to keep the bytes, they are skipped where they are.
    this.#isKept = this.#kept.length > 0
    if (!this.#isKept) return
    this.#source = this.#kept.bytes
    this.#end = this.#source.length
  }

  /** @returns the next whole frame, valid until `close`; an error for a frame that is refused; `undefined` while bytes are missing. */
  next(): Buffer | ProtocolError | undefined {
    if (this.#refused !== undefined) return this.#skipRefused(this.#refused)
    const source = this.#source
    if (this.#announced < 0) {
      if (this.#end - this.#position < LENGTH_BYTES) return undefined
      const length = source.readUInt32LE(this.#position)
      this.#position += LENGTH_BYTES
      if (length > this.#limit) {
        this.#refuse(messageTooLarge(this.#limit), length)
        return this.next()
      }
      this.#announced = length
    }
    const end = this.#position + this.#announced
    if (end > this.#end) return undefined
    const frame = source.subarray(this.#position, end)
    this.#position = end
    this.#announced = -1
    return frame
  }

  /** Keeps the rest of the bytes for the next `open`. */
  close(): void {
    if (this.#isKept) this.#kept.drop(this.#position)
    else if (this.#position < this.#end) this.#keep(this.#source.subarray(this.#position, this.#end), this.#end - this.#position)
    this.#source = NO_BYTES
    this.#end = 0
    this.#isKept = false
  }

  /** Gives back the memory of unfinished frames. */
  release(): void {
    this.#kept.release()
  }

  /**
   * Adds bytes to an unfinished frame. When there is no memory for them, the rest of the frame is skipped.
   *
   * @param gone how many of these bytes count as skipped then.
   */
  #keep(bytes: Buffer, gone: number): void {
    try {
      this.#kept.push(bytes)
    } catch (error) {
      if (!(error instanceof ProtocolError) || this.#announced < 0) throw error
      const missing = this.#announced - this.#kept.length
      this.#kept.release()
      this.#refuse(error, missing - gone)
    }
  }

  #refuse(reason: ProtocolError, bytes: number): void {
    this.#refused = reason
    this.#skip = bytes
    this.#announced = -1
  }

  #skipRefused(reason: ProtocolError): ProtocolError | undefined {
    const here = Math.min(this.#skip, this.#end - this.#position)
    this.#position += here
    this.#skip -= here
    if (this.#skip > 0) return undefined
    this.#refused = undefined
    return reason
  }
}
