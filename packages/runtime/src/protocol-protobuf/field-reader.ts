import { KeyCache, decodeText } from '../wire/text-codec.js'

const NO_BYTES = Buffer.alloc(0)
/** Seven bits of a number below 2^49, times a factor below this, are exact in a double. */
const EXACT_FACTORS = 2 ** 46

/** A whole number of 64 bits: a `bigint` where a double is not exact. */
export type Int64 = number | bigint

/**
 * Reads the fields of protobuf messages. One object reads all messages, and nothing that it returns refers to the bytes it reads: the next read
 * of a socket overwrites them.
 *
 * Written here and not taken from a library: `@bufbuild/protobuf/wire` and protobufjs decode text as UTF-8 only, and hand out views of the
 * buffer.
 */
export class FieldReader {
  readonly #keys = new KeyCache()
  #bytes: Buffer = NO_BYTES
  #position = 0
  #end = 0

  /** Begins to read another message. */
  begin(bytes: Buffer): this {
    this.#bytes = bytes
    this.#position = 0
    this.#end = bytes.length
    return this
  }

  /** Where the next field begins. */
  get position(): number {
    return this.#position
  }

  /** Where the message ends. */
  get end(): number {
    return this.#end
  }

  /** The field's number and how it is written, as one number: `number << 3 | wire type`. */
  tag(): number {
    return this.uint32()
  }

  /** Longer numbers lose their higher bits, as protobuf has it. */
  uint32(): number {
    const bytes = this.#bytes
    const first = this.#byte()
    if (first < 0x80) return first
    let value = first & 0x7f
    for (let shift = 7; shift < 70; shift += 7) {
      if (this.#position >= this.#end) break
      const byte = bytes[this.#position++] as number
      if (shift < 32) value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new RangeError('a number that does not end')
  }

  int32(): number {
    return this.uint32() | 0
  }

  int64(): Int64 {
    let value = 0
    let factor = 1
    for (let at = this.#position; at < this.#end && factor < EXACT_FACTORS; at++, factor *= 0x80) {
      const byte = this.#bytes[at] as number
      value += (byte & 0x7f) * factor
      if (byte >= 0x80) continue
      this.#position = at + 1
      return value
    }
    return this.#longInt64()
  }

  bool(): boolean {
    return this.int64() !== 0
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8))
  }

  /** Text of any bytes: Lua strings need not be UTF-8, and no byte is lost. */
  string(): string {
    const start = this.#take(this.uint32())
    return decodeText(this.#bytes, start, this.#position)
  }

  /** Text that repeats from message to message, such as the name of a header. */
  key(): string {
    const start = this.#take(this.uint32())
    return this.#keys.get(this.#bytes, start, this.#position)
  }

  bytes(): Uint8Array {
    const length = this.uint32()
    const start = this.#take(length)
    const bytes = new Uint8Array(length)
    bytes.set(this.#bytes.subarray(start, this.#position))
    return bytes
  }

  /** Reads the length of a message inside this one. @returns where it ends. */
  endOfField(): number {
    const length = this.uint32()
    const end = this.#take(length) + length
    this.#position = end - length
    return end
  }

  /** Passes over a field that is not wanted. @throws RangeError for a group, which proto3 does not have. */
  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.uint32()
        break
      case 1:
        this.#take(8)
        break
      case 2:
        this.#take(this.uint32())
        break
      case 5:
        this.#take(4)
        break
      default:
        throw new RangeError(`a field of wire type ${tag & 7}`)
    }
  }

  #longInt64(): Int64 {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte >= 0x80) continue
      const signed = BigInt.asIntN(64, value)
      const number = Number(signed)
      return Number.isSafeInteger(number) ? number : signed
    }
    throw new RangeError('a number that does not end')
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] as number
  }

  /** @returns where the bytes begin. */
  #take(length: number): number {
    const start = this.#position
    if (length > this.#end - start) throw new RangeError(`a field of ${length} bytes in a message that has ${this.#end - start} left`)
    this.#position = start + length
    return start
  }
}
