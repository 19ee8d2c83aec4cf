import { Encoder } from '@msgpack/msgpack'
import { toKongValue } from './kong-value.js'
import { hasLoneSurrogates } from '../protocol/lone-surrogates.js'
import { encodeEscapedText } from '../protocol/text-decoder.js'

const FIRST_CAPACITY = 16 * 1024
/** A scratch buffer that one large body made bigger than this is not kept. */
const KEPT_CAPACITY = 1024 * 1024
/** Texts of this kind repeat: methods, ids' keys. Others are not worth remembering. */
const REMEMBERED_TEXTS = 1024

/**
 * Writes MessagePack into a scratch buffer. Scalars and the fixed parts of answers are written here; tables go through the library's encoder.
 *
 * Kong reads str and bin alike as Lua strings, so text that holds bytes beyond UTF-8 is written as bin.
 */
export class MessageWriter {
  readonly #encoder = new Encoder({ ignoreUndefined: true })
  readonly #remembered = new Map<string, Buffer>()
  #buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
  #position = 0

  /** Starts anew. With `fresh`, in another buffer: the last one is still being sent. */
  begin(fresh: boolean): void {
    if (fresh || this.#buffer.length > KEPT_CAPACITY) this.#buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
    this.#position = 0
  }

  /** Everything written since `begin`; overwritten after the next `begin(false)`. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#position)
  }

  arrayHeader(length: number): void {
    this.#reserve(3)
    if (length < 16) this.#buffer[this.#position++] = 0x90 | length
    else {
      this.#buffer[this.#position] = 0xdc
      this.#buffer.writeUInt16BE(length, this.#position + 1)
      this.#position += 3
    }
  }

  /** Up to 15 members. */
  mapHeader(length: number): void {
    this.#reserve(1)
    this.#buffer[this.#position++] = 0x80 | length
  }

  nil(): void {
    this.#reserve(1)
    this.#buffer[this.#position++] = 0xc0
  }

  /** Text that comes again and again is encoded once. */
  constant(text: string): void {
    let bytes = this.#remembered.get(text)
    if (bytes === undefined) {
      const start = this.#position
      this.text(text)
      bytes = Buffer.from(this.#buffer.subarray(start, this.#position))
      if (this.#remembered.size < REMEMBERED_TEXTS) this.#remembered.set(text, bytes)
      return
    }
    this.#reserve(bytes.length)
    const buffer = this.#buffer
    let position = this.#position
    for (let index = 0; index < bytes.length; index++) buffer[position++] = bytes[index] as number
    this.#position = position
  }

  text(text: string): void {
    const length = text.length
    if (length < 32) {
      this.#reserve(1 + length * 3)
      const start = this.#position
      let position = start + 1
      for (let index = 0; index < length; index++) {
        const code = text.charCodeAt(index)
        if (code > 0x7f) {
          this.#longText(text)
          return
        }
        this.#buffer[position++] = code
      }
      this.#buffer[start] = 0xa0 | length
      this.#position = position
      return
    }
    this.#longText(text)
  }

  integer(value: number): void {
    this.#reserve(9)
    const buffer = this.#buffer
    const position = this.#position
    if (value >= 0) {
      if (value < 0x80) {
        buffer[position] = value
        this.#position = position + 1
      } else if (value <= 0xffff) {
        buffer[position] = 0xcd
        buffer.writeUInt16BE(value, position + 1)
        this.#position = position + 3
      } else if (value <= 0xffffffff) {
        buffer[position] = 0xce
        buffer.writeUInt32BE(value, position + 1)
        this.#position = position + 5
      } else {
        buffer[position] = 0xcf
        buffer.writeUInt32BE(Math.floor(value / 0x100000000), position + 1)
        buffer.writeUInt32BE(value % 0x100000000, position + 5)
        this.#position = position + 9
      }
    } else this.#encoded(value)
  }

  binary(bytes: Uint8Array): void {
    const length = bytes.length
    this.#reserve(5 + length)
    this.#buffer[this.#position] = 0xc6
    this.#buffer.writeUInt32BE(length, this.#position + 1)
    this.#buffer.set(bytes, this.#position + 5)
    this.#position += 5 + length
  }

  /** Any value a PDK call may carry. */
  value(value: unknown): void {
    if (typeof value === 'string') this.text(value)
    else if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER) this.integer(value)
    else if (value === undefined || value === null) this.nil()
    else if (typeof value === 'boolean') {
      this.#reserve(1)
      this.#buffer[this.#position++] = value ? 0xc3 : 0xc2
    } else if (value instanceof Uint8Array) this.binary(value)
    else this.#encoded(toKongValue(value))
  }

  #longText(text: string): void {
    if (hasLoneSurrogates(text)) {
      this.binary(encodeEscapedText(text))
      return
    }
    const most = text.length * 3
    this.#reserve(5 + most)
    // The width of the length has to be chosen before the length is known; wider than needed is valid MessagePack.
    const header = most < 0x100 ? 2 : most < 0x10000 ? 3 : 5
    const written = this.#buffer.write(text, this.#position + header, 'utf8')
    if (header === 2) {
      this.#buffer[this.#position] = 0xd9
      this.#buffer[this.#position + 1] = written
    } else if (header === 3) {
      this.#buffer[this.#position] = 0xda
      this.#buffer.writeUInt16BE(written, this.#position + 1)
    } else {
      this.#buffer[this.#position] = 0xdb
      this.#buffer.writeUInt32BE(written, this.#position + 1)
    }
    this.#position += header + written
  }

  #encoded(value: unknown): void {
    const bytes = this.#encoder.encodeSharedRef(value)
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#position)
    this.#position += bytes.length
  }

  #reserve(bytes: number): void {
    const needed = this.#position + bytes
    if (needed <= this.#buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(grown, 0, 0, this.#position)
    this.#buffer = grown
  }
}
