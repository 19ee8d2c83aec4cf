import { Reader } from 'protobufjs'
import { KeyCache } from '../protocol/key-cache.js'
import { decodeText } from '../protocol/text-decoder.js'

const NO_BYTES = Buffer.alloc(0)
/** Seven bits of a number below 2^49 times a factor below this are exact. */
const EXACT_FACTORS = 2 ** 46

/**
 * The library's reader, kept for all messages. What it gives never refers to the bytes it reads: they are overwritten by the next read of
 * a socket.
 */
export class MessageReader extends Reader {
  readonly #keys = new KeyCache()
  #bytes: Buffer = NO_BYTES

  constructor() {
    super(NO_BYTES)
  }

  /** Looks at another message. */
  begin(bytes: Buffer): this {
    this.#bytes = bytes
    this.buf = bytes
    this.pos = 0
    this.len = bytes.length
    return this
  }

  /** Lua strings need not be UTF-8, and no byte of them is lost. */
  override string(): string {
    const start = this.#take(this.size())
    return decodeText(this.#bytes, start, this.pos)
  }

  /** What the library calls for strings that must be UTF-8: Kong's are not checked. */
  override stringVerify(): string {
    return this.string()
  }

  override bytes(): Uint8Array {
    const length = this.size()
    const start = this.#take(length)
    const bytes = new Uint8Array(length)
    bytes.set(this.#bytes.subarray(start, this.pos))
    return bytes
  }

  /** A text that comes again and again: the name of a header. */
  key(): string {
    const start = this.#take(this.size())
    return this.#keys.get(this.#bytes, start, this.pos)
  }

  /** A field that nobody wants. */
  skipField(tag: number): void {
    this.skipType(tag & 7, 0, tag >>> 3)
  }

  /** A whole number that is not negative, `undefined` when it is more than a double holds exactly; then nothing was read. */
  count(): number | undefined {
    let value = 0
    let factor = 1
    for (let at = this.pos; at < this.len && factor < EXACT_FACTORS; at++, factor *= 0x80) {
      const byte = this.#bytes[at] as number
      value += (byte & 0x7f) * factor
      if (byte >= 0x80) continue
      this.pos = at + 1
      return value
    }
    return undefined
  }

  /** Where the field ends that begins here. */
  endOfField(): number {
    const length = this.size()
    const end = this.#take(length) + length
    this.pos = end - length
    return end
  }

  #take(length: number): number {
    const start = this.pos
    if (length > this.len - start) throw new RangeError(`a field of ${length} bytes in a message that has ${this.len - start} left`)
    this.pos = start + length
    return start
  }
}
