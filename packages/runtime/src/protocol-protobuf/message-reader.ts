import { Reader } from 'protobufjs'
import { KeyCache } from '../protocol/key-cache.js'
import { decodeText } from '../protocol/text-decoder.js'

const NO_BYTES = Buffer.alloc(0)

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
