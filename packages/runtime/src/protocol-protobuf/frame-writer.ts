import { encodeEscapedText, hasLoneSurrogates } from '../wire/text-codec.js'
import type { Int64 } from './field-reader.js'

const FIRST_CAPACITY = 16 * 1024
/** A scratch buffer that one large body has made larger than this is not kept. */
const KEPT_CAPACITY = 1024 * 1024
const LENGTH_BYTES = 4
/** Most frames are shorter than this; their views of the buffer are kept by length. */
const KEPT_VIEWS = 512
/** Up to this many characters, writing them one by one is faster than calling Node's UTF-8 encoder. */
const SHORT_TEXT = 96
const MOST_VARINT_BYTES = 10

/** Writes protobuf fields, and frames of them (each behind its length in four bytes), into one scratch buffer. */
export class FrameWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
  #position = 0
  /** The beginning of the buffer, by length. */
  #views: (Buffer | undefined)[] = []

  /** Starts anew. What was written before is overwritten. */
  begin(): void {
    if (this.#buffer.length > KEPT_CAPACITY) this.leaveBuffer()
    this.#position = 0
  }

  /** Gives up the buffer: a socket still reads part of it, so the next frames get a new one. */
  leaveBuffer(): void {
    this.#use(Buffer.allocUnsafeSlow(FIRST_CAPACITY))
  }

  /** Everything written since `begin`. Overwritten after the next `begin`. */
  get frames(): Buffer {
    const length = this.#position
    if (length >= KEPT_VIEWS) return this.#buffer.subarray(0, length)
    return (this.#views[length] ??= this.#buffer.subarray(0, length))
  }

  /** Begins a frame. @returns what `closeFrame` needs. */
  openFrame(): number {
    const start = this.#position
    this.#reserve(LENGTH_BYTES)
    this.#position += LENGTH_BYTES
    return start
  }

  closeFrame(start: number): void {
    const buffer = this.#buffer
    const length = this.#position - start - LENGTH_BYTES
    for (let index = 0; index < LENGTH_BYTES; index++) buffer[start + index] = length >>> (8 * index)
  }

  /** Begins a message inside a message. @returns what `closeMessage` needs. */
  openMessage(): number {
    this.#reserve(1)
    return this.#position++
  }

  /** Writes the length of the message. Most take one byte for it; the content of longer ones is moved. */
  closeMessage(start: number): void {
    const length = this.#position - start - 1
    if (length < 0x80) {
      this.#buffer[start] = length
      return
    }
    const more = varintBytes(length) - 1
    this.#reserve(more)
    this.#buffer.copyWithin(start + 1 + more, start + 1, this.#position)
    const end = this.#position + more
    this.#position = start
    this.uint32(length)
    this.#position = end
  }

  /** Bytes that were encoded before. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#position)
    this.#position += bytes.length
  }

  /** A whole number from 0 to 2^32 - 1; also a field's tag. */
  uint32(value: number): void {
    this.#reserve(MOST_VARINT_BYTES)
    const buffer = this.#buffer
    let position = this.#position
    let rest = value
    while (rest > 0x7f) {
      buffer[position++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    buffer[position++] = rest
    this.#position = position
  }

  int32(value: number): void {
    this.int64(value)
  }

  /** Most numbers of 64 bits are small, and then have the same bytes as those of 32. */
  int64(value: Int64): void {
    if (typeof value === 'number' && value >= 0 && value <= 0xffffffff) {
      this.uint32(value)
      return
    }
    this.#reserve(MOST_VARINT_BYTES)
    let rest = BigInt.asUintN(64, typeof value === 'bigint' ? value : BigInt(Number.isFinite(value) ? Math.trunc(value) : 0))
    while (rest > 0x7fn) {
      this.#buffer[this.#position++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.#buffer[this.#position++] = Number(rest)
  }

  bool(value: boolean): void {
    this.#reserve(1)
    this.#buffer[this.#position++] = value ? 1 : 0
  }

  double(value: number): void {
    this.#reserve(8)
    this.#position = this.#buffer.writeDoubleLE(value, this.#position)
  }

  bytes(bytes: Uint8Array): void {
    this.uint32(bytes.length)
    this.raw(bytes)
  }

  /** Text. The escaped bytes in it are written as the bytes they were. */
  string(text: string): void {
    const { length } = text
    if (length > SHORT_TEXT) {
      this.#longText(text)
      return
    }
    this.#reserve(1 + length)
    const buffer = this.#buffer
    let position = this.#position
    buffer[position++] = length
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code > 0x7f) {
        this.#longText(text)
        return
      }
      buffer[position++] = code
    }
    this.#position = position
  }

  #longText(text: string): void {
    if (hasLoneSurrogates(text)) {
      this.bytes(encodeEscapedText(text))
      return
    }
    const length = Buffer.byteLength(text)
    this.uint32(length)
    this.#reserve(length)
    this.#position += this.#buffer.write(text, this.#position, 'utf8')
  }

  #reserve(bytes: number): void {
    const needed = this.#position + bytes
    if (needed <= this.#buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(grown, 0, 0, this.#position)
    this.#use(grown)
  }

  #use(buffer: Buffer): void {
    this.#buffer = buffer
    this.#views = []
  }
}

/** How many bytes `uint32` takes for a number. */
function varintBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5
}
