import type { BufferBudget } from '../protocol/buffer-budget.js'
import { ByteQueue, messageTooLarge } from '../protocol/byte-queue.js'
import { ProtocolError } from '../protocol/protocol-error.js'

const LENGTH_BYTES = 4
/** More than one read of a socket can bring beside the frame that is waited for. */
const READ_BYTES = 1024 * 1024

/**
 * Finds the frames in the bytes of one connection, however they are split or glued: Kong sends a frame's length and its bytes in writes
 * of their own. Use: `open`, `next` as often as wanted, `close`. What is left waits for the next `open`.
 *
 * A frame that breaks a limit is read over, and an error comes in its place: Kong must be told with an answer, since it would send the
 * frame again and again if the connection were closed.
 */
export class FrameReader {
  readonly #limit: number
  readonly #kept: ByteQueue
  #source: Buffer = NO_BYTES
  /** Where the bytes of the source end that count. */
  #end = 0
  #position = 0
  /** Length of the frame whose bytes come next; -1 when its length has not come yet. */
  #announced = -1
  /** Bytes still to be read over, of a frame that is refused for this reason. */
  #skip = 0
  #refused: ProtocolError | undefined
  #isKept = false

  /** @param limit bytes of the longest frame. */
  constructor(limit: number, budget: BufferBudget) {
    this.#limit = limit
    this.#kept = new ByteQueue(limit + READ_BYTES, budget)
  }

  /** Whether bytes wait that may be a frame. */
  get waiting(): boolean {
    return this.#kept.length > 0
  }

  /** @param buffer holds in its first `length` bytes what was read, if anything; it may be overwritten after `close`. */
  open(buffer: Buffer = NO_BYTES, length = buffer.length): void {
    this.#position = 0
    this.#source = buffer
    this.#end = length
    if (this.#kept.length === 0) return
    this.#keep(buffer.subarray(0, length), 0)
    // Where there was no memory to keep it in, what was read is read over where it is.
    this.#isKept = this.#kept.length > 0
    if (!this.#isKept) return
    this.#source = this.#kept.bytes
    this.#end = this.#source.length
  }

  /** The next whole frame, valid until `close`, or why there is none; `undefined` while bytes are missing. */
  next(): Buffer | ProtocolError | undefined {
    if (this.#refused !== undefined) return this.#readOver(this.#refused)
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

  /** Keeps what is left. */
  close(): void {
    if (this.#isKept) this.#kept.drop(this.#position)
    else if (this.#position < this.#end) this.#keep(this.#source.subarray(this.#position, this.#end), this.#end - this.#position)
    this.#source = NO_BYTES
    this.#end = 0
    this.#isKept = false
  }

  /** Gives the memory of unfinished frames back. */
  release(): void {
    this.#kept.release()
  }

  /**
   * Adds to an unfinished frame. When there is no memory for it, the frame is read over.
   *
   * @param gone how many of the bytes are read over already then.
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

  #readOver(reason: ProtocolError): ProtocolError | undefined {
    const here = Math.min(this.#skip, this.#end - this.#position)
    this.#position += here
    this.#skip -= here
    if (this.#skip > 0) return undefined
    this.#refused = undefined
    return reason
  }
}

const NO_BYTES = Buffer.alloc(0)
