// @msgpack/msgpack writes what the hand-written code here does not: negative numbers and fractions, whose shortest form is its business. Everything
// that has a known type is written here, without a copy: the library fills a buffer of its own, writes text as UTF-8 only, and has no place for
// `Map`, `Set` and members without a value as Kong wants them.
import { Encoder } from '@msgpack/msgpack'
import { hasHiddenContent } from '../wire/lua-table.js'
import { encodeEscapedText, hasLoneSurrogates } from '../wire/text-codec.js'

const FIRST_CAPACITY = 16 * 1024
/** A scratch buffer that one large body has made larger than this is not kept. */
const KEPT_CAPACITY = 1024 * 1024
const MAX_DEPTH = 64
/** Up to this many characters, writing them one by one is faster than calling Node's UTF-8 encoder. */
const SHORT_TEXT = 96
/** From this many characters on, the bytes of a text are counted before memory is reserved. Shorter ones reserve the most they can need. */
const COUNTED_TEXT = 4096
/** Most answers are shorter than this; their views of the buffer are kept by length. */
const KEPT_VIEWS = 512

/** MessagePack of an ASCII text of up to 31 characters. */
export function fixText(text: string): Buffer {
  return Buffer.concat([Buffer.of(0xa0 | text.length), Buffer.from(text, 'latin1')])
}

/**
 * Writes MessagePack into a scratch buffer that all connections share.
 *
 * Kong reads both str and bin as Lua strings, so text with bytes that are not UTF-8 is written as bin. A `Map` becomes a table and a `Set` an
 * array. Members that are `undefined` are left out.
 */
export class MessageWriter {
  readonly #encoder = new Encoder()
  #buffer: Buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
  /** The beginning of the buffer, by length. */
  #views: (Buffer | undefined)[] = []
  #position = 0

  /** Starts anew. What was written before is overwritten. */
  begin(): void {
    if (this.#buffer.length > KEPT_CAPACITY) this.leaveBuffer()
    this.#position = 0
  }

  /** Everything written since `begin`; overwritten after the next `begin`. */
  get bytes(): Buffer {
    const length = this.#position
    if (length >= KEPT_VIEWS) return this.#buffer.subarray(0, length)
    return (this.#views[length] ??= this.#buffer.subarray(0, length))
  }

  /** Gives up the buffer: a socket still reads part of it, so the next message gets a new one. */
  leaveBuffer(): void {
    this.#use(Buffer.allocUnsafeSlow(FIRST_CAPACITY))
  }

  /** MessagePack that was encoded before. */
  raw(bytes: Buffer): void {
    const { length } = bytes
    this.#reserve(length)
    const buffer = this.#buffer
    let position = this.#position
    for (let index = 0; index < length; index++) buffer[position++] = bytes[index] as number
    this.#position = position
  }

  arrayHeader(length: number): void {
    this.#header(length, 0x90, 0xdc)
  }

  nil(): void {
    this.#reserve(1)
    this.#buffer[this.#position++] = 0xc0
  }

  text(text: string): void {
    const { length } = text
    if (length > SHORT_TEXT) {
      this.#longText(text)
      return
    }
    this.#reserve(2 + length)
    const buffer = this.#buffer
    const start = this.#position
    let position = start + (length < 32 ? 1 : 2)
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code > 0x7f) {
        this.#longText(text)
        return
      }
      buffer[position++] = code
    }
    if (length < 32) buffer[start] = 0xa0 | length
    else {
      buffer[start] = 0xd9
      buffer[start + 1] = length
    }
    this.#position = position
  }

  /** A whole number that is not negative. */
  integer(value: number): void {
    this.#reserve(9)
    const buffer = this.#buffer
    let position = this.#position
    if (value < 0x80) buffer[position++] = value
    else if (value <= 0xffff) {
      buffer[position++] = 0xcd
      buffer[position++] = value >>> 8
      buffer[position++] = value
    } else if (value <= 0xffffffff) {
      buffer[position++] = 0xce
      position = writeUint32(buffer, value, position)
    } else {
      buffer[position++] = 0xcf
      position = writeUint32(buffer, value / 0x1_0000_0000, position)
      position = writeUint32(buffer, value, position)
    }
    this.#position = position
  }

  binary(bytes: Uint8Array): void {
    const { length } = bytes
    this.#reserve(5 + length)
    this.#buffer[this.#position] = 0xc6
    this.#buffer.writeUInt32BE(length, this.#position + 1)
    this.#buffer.set(bytes, this.#position + 5)
    this.#position += 5 + length
  }

  /** Any value a PDK call may carry. @throws TypeError for functions, symbols, promises, and tables that contain themselves. */
  value(value: unknown, depth = 0): void {
    switch (typeof value) {
      case 'string':
        this.text(value)
        break
      case 'number':
        if (value >= 0 && Number.isSafeInteger(value)) this.integer(value)
        else this.#encoded(value)
        break
      case 'bigint':
        this.value(Number(value))
        break
      case 'boolean':
        this.#reserve(1)
        this.#buffer[this.#position++] = value ? 0xc3 : 0xc2
        break
      case 'object':
        if (value === null) this.nil()
        else this.#table(value, depth)
        break
      case 'undefined':
        this.nil()
        break
      default:
        throw unsendable(`a ${typeof value}`)
    }
  }

  #table(value: object, depth: number): void {
    if (value instanceof Uint8Array) this.binary(value)
    else if (value instanceof Date) this.text(value.toISOString())
    else if (depth >= MAX_DEPTH) throw new TypeError('a value that contains itself, or goes deeper than 64 tables, cannot be sent to Kong')
    else if (Array.isArray(value)) this.#array(value, depth)
    else if (value instanceof Set) this.#array(Array.from(value), depth)
    else if (value instanceof Map) this.#entries(Array.from(value), depth)
    else if (hasHiddenContent(value)) throw unsendable(`an object of class ${value.constructor.name}`)
    else this.#entries(Object.entries(value), depth)
  }

  #array(elements: readonly unknown[], depth: number): void {
    const { length } = elements
    this.arrayHeader(length)
    for (let index = 0; index < length; index++) this.value(elements[index], depth + 1)
  }

  #entries(entries: readonly (readonly [unknown, unknown])[], depth: number): void {
    let length = 0
    for (const [, member] of entries) if (member !== undefined) length++
    this.#header(length, 0x80, 0xde)
    for (const [key, member] of entries) {
      if (member === undefined) continue
      this.text(typeof key === 'string' ? key : String(key))
      this.value(member, depth + 1)
    }
  }

  /**
   * @param short the type for up to 15 parts, to which their number is added.
   * @param long the type for up to 65 535 parts. The next type is for more.
   */
  #header(length: number, short: number, long: number): void {
    this.#reserve(5)
    const buffer = this.#buffer
    if (length < 16) buffer[this.#position++] = short | length
    else if (length <= 0xffff) {
      buffer[this.#position] = long
      this.#position = buffer.writeUInt16BE(length, this.#position + 1)
    } else {
      buffer[this.#position] = long + 1
      this.#position = buffer.writeUInt32BE(length, this.#position + 1)
    }
  }

  #longText(text: string): void {
    if (hasLoneSurrogates(text)) {
      this.binary(encodeEscapedText(text))
      return
    }
    const most = text.length < COUNTED_TEXT ? text.length * 3 : Buffer.byteLength(text)
    this.#reserve(5 + most)
    // The width of the length is chosen before the length of short text is known: a wider one than needed is valid MessagePack.
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

  /** Numbers that are negative or not whole. */
  #encoded(value: number): void {
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
    this.#use(grown)
  }

  #use(buffer: Buffer): void {
    this.#buffer = buffer
    this.#views = []
  }
}

function unsendable(what: string): TypeError {
  return new TypeError(`${what} cannot be sent to Kong: pass strings, numbers, booleans, bytes as Uint8Array, arrays and objects of these`)
}

/** Writes the lower 32 bits. @returns where the next byte goes. */
function writeUint32(buffer: Buffer, value: number, position: number): number {
  buffer[position] = value >>> 24
  buffer[position + 1] = value >>> 16
  buffer[position + 2] = value >>> 8
  buffer[position + 3] = value
  return position + 4
}
