import { BufferWriter } from 'protobufjs'
import { hasLoneSurrogates } from '../protocol/lone-surrogates.js'
import { encodeEscapedText } from '../protocol/text-decoder.js'

const FIRST_CAPACITY = 16 * 1024
/** A scratch buffer that one large body made bigger than this is not kept. */
const KEPT_CAPACITY = 1024 * 1024
const LENGTH_BYTES = 4
/** Calls mostly have one of a few lengths below this. */
const KEPT_VIEWS = 512

/** Writes frames, each behind its length in four bytes, with the library's encoders into one scratch buffer. */
export class FrameWriter extends BufferWriter {
  /** The beginning of a buffer, by length. */
  #views: (Uint8Array | undefined)[] = []
  #viewed: Uint8Array | undefined

  constructor() {
    super()
    this.buf = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
  }

  /** Starts anew. What was written before is overwritten. */
  begin(): void {
    if (this.buf.length > KEPT_CAPACITY) this.leaveBuffer()
    this.pos = 0
    // A message that could not be encoded may have left its own behind.
    this.states = null
  }

  /** Leaves the buffer to whoever was given `frames` and is not through with them. */
  leaveBuffer(): void {
    this.buf = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
  }

  /** Everything written since `begin`; overwritten after the next `begin`. */
  get frames(): Uint8Array {
    const { buf, pos } = this
    if (pos >= KEPT_VIEWS) return buf.subarray(0, pos)
    // The library takes another buffer when this one is full.
    if (this.#viewed !== buf) {
      this.#viewed = buf
      this.#views = []
    }
    return (this.#views[pos] ??= buf.subarray(0, pos))
  }

  /** Begins a frame. @returns what `closeFrame` needs to know. */
  openFrame(): number {
    const start = this.pos
    this.fixed32(0)
    return start
  }

  closeFrame(start: number): void {
    const length = this.pos - start - LENGTH_BYTES
    for (let index = 0; index < LENGTH_BYTES; index++) this.buf[start + index] = length >>> (8 * index)
  }

  /** Most numbers of 64 bits are small, and then the same bytes as those of 32. */
  override int64(value: Parameters<BufferWriter['int64']>[0]): this {
    if (typeof value === 'number' && value >= 0 && value <= 0xffffffff) super.uint32(value)
    else super.int64(value)
    return this
  }

  /** Text that holds escaped bytes goes out as the bytes it was. */
  override string(text: string): this {
    if (hasLoneSurrogates(text)) this.bytes(encodeEscapedText(text))
    else super.string(text)
    return this
  }
}
