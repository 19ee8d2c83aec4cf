import { ByteQueue } from '../protocol/byte-queue.js'
import { ProtocolError } from '../protocol/protocol-error.js'

const LENGTH_BYTES = 4
/** More than one read of a socket can bring beside the frame that is waited for. */
const READ_BYTES = 1024 * 1024

/**
 * Finds the frames in the bytes of one connection, however they are split or glued: Kong sends a frame's length and its bytes in writes of their own.
 * Use: `open`, `next` as often as wanted, `close`. What is left waits for the next `open`.
 */
export class FrameReader {
  readonly #limit: number
  readonly #kept: ByteQueue
  #source: Buffer = NO_BYTES
  #position = 0
  /** Length of the frame whose bytes come next; -1 when its length has not come yet. */
  #announced = -1
  #isKept = false

  /** @param limit bytes of the longest frame. */
  constructor(limit: number) {
    this.#limit = limit
    this.#kept = new ByteQueue(limit + READ_BYTES)
  }

  /** Whether bytes wait that may be a frame. */
  get waiting(): boolean {
    return this.#kept.length > 0
  }

  /** @param chunk what was read, if anything; it may be overwritten after `close`. */
  open(chunk?: Buffer): void {
    this.#position = 0
    this.#isKept = chunk === undefined || this.#kept.length > 0
    if (this.#isKept && chunk !== undefined) this.#kept.push(chunk)
    this.#source = this.#isKept || chunk === undefined ? this.#kept.bytes : chunk
  }

  /**
   * The next whole frame; valid until `close`.
   *
   * @throws ProtocolError when a longer frame than allowed is announced.
   */
  next(): Buffer | undefined {
    const source = this.#source
    if (this.#announced < 0) {
      if (source.length - this.#position < LENGTH_BYTES) return undefined
      const length = source.readUInt32LE(this.#position)
      if (length > this.#limit) throw new ProtocolError(`a frame of ${length} bytes, more than ${this.#limit}`)
      this.#announced = length
      this.#position += LENGTH_BYTES
    }
    const end = this.#position + this.#announced
    if (end > source.length) return undefined
    const frame = source.subarray(this.#position, end)
    this.#position = end
    this.#announced = -1
    return frame
  }

  /** Keeps what is left. */
  close(): void {
    if (this.#isKept) this.#kept.drop(this.#position)
    else if (this.#position < this.#source.length) this.#kept.push(this.#source.subarray(this.#position))
    this.#source = NO_BYTES
    this.#isKept = false
  }
}

const NO_BYTES = Buffer.alloc(0)
