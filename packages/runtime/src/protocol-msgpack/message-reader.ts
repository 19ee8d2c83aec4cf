import { ProtocolError } from '../errors/server-errors.js'
import { messageTooLarge, tooManyValues, type ProtocolLimits } from '../wire/limits.js'
import { KongTable } from '../wire/lua-table.js'
import { KeyCache, decodeText } from '../wire/text-codec.js'

/** Thrown when the bytes end before the value does: the caller waits for more. One object without a stack, because it is thrown often. */
export const INCOMPLETE: unique symbol = Symbol('incomplete')

/**
 * Reads MessagePack values as Kong writes them, from bytes that may end early.
 *
 * Written here, because @msgpack/msgpack refuses a key `__proto__` (one such query parameter would close the connection) and cannot keep text
 * that is not UTF-8.
 */
export class MessageReader {
  readonly #limits: ProtocolLimits
  readonly #keys = new KeyCache()
  #bytes: Buffer = Buffer.alloc(0)
  #position = 0
  #end = 0
  /** How many more values this message may hold. */
  #valuesLeft = 0

  constructor(limits: ProtocolLimits) {
    this.#limits = limits
  }

  /** Begins to read another message, from `start` to before `end`. Values never refer to the bytes, which may be overwritten afterwards. */
  reset(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes
    this.#position = start
    this.#end = end
    this.#valuesLeft = this.#limits.maxValues
  }

  get position(): number {
    return this.#position
  }

  get atEnd(): boolean {
    return this.#position === this.#end
  }

  /** @throws INCOMPLETE when the bytes end first; ProtocolError when they are not MessagePack, or break a limit. */
  readValue(depth = 0): unknown {
    const type = this.#byte()
    if (type < 0x80) return type
    if (type < 0x90) return this.#table(type & 0x0f, depth)
    if (type < 0xa0) return this.#array(type & 0x0f, depth)
    if (type < 0xc0) return this.#text(type & 0x1f)
    if (type >= 0xe0) return type - 0x100
    switch (type) {
      case 0xc0:
        return undefined
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
        return this.#binary(this.#byte())
      case 0xc5:
        return this.#binary(this.#uint16())
      case 0xc6:
        return this.#binary(this.#uint32())
      case 0xc7:
        return this.#extension(this.#byte())
      case 0xc8:
        return this.#extension(this.#uint16())
      case 0xc9:
        return this.#extension(this.#uint32())
      case 0xca:
        return this.#bytes.readFloatBE(this.#take(4))
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#take(8))
      case 0xcc:
        return this.#byte()
      case 0xcd:
        return this.#uint16()
      case 0xce:
        return this.#uint32()
      case 0xcf:
        return this.#uint64()
      case 0xd0:
        return this.#bytes.readInt8(this.#take(1))
      case 0xd1:
        return this.#bytes.readInt16BE(this.#take(2))
      case 0xd2:
        return this.#bytes.readInt32BE(this.#take(4))
      case 0xd3:
        return Number(this.#bytes.readBigInt64BE(this.#take(8)))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (type - 0xd4))
      case 0xd9:
        return this.#text(this.#byte())
      case 0xda:
        return this.#text(this.#uint16())
      case 0xdb:
        return this.#text(this.#uint32())
      case 0xdc:
        return this.#array(this.#uint16(), depth)
      case 0xdd:
        return this.#array(this.#uint32(), depth)
      case 0xde:
        return this.#table(this.#uint16(), depth)
      case 0xdf:
        return this.#table(this.#uint32(), depth)
      default:
        throw new ProtocolError('a byte that MessagePack does not use')
    }
  }

  /** Reads a value that is mostly one of a few short texts, such as the name of a method. */
  readName(): unknown {
    const type = this.#peek()
    return isFixText(type) ? this.#shortText(type) : this.readValue()
  }

  /** Skips the next value if its bytes are these. @returns whether it did. */
  skipText(bytes: Buffer): boolean {
    const start = this.#position
    const { length } = bytes
    if (length > this.#end - start) return false
    for (let index = 0; index < length; index++) if (this.#bytes[start + index] !== bytes[index]) return false
    this.#position = start + length
    return true
  }

  /** Whether an array comes next. */
  get atArray(): boolean {
    const type = this.#peek()
    return (type >= 0x90 && type < 0xa0) || type === 0xdc || type === 0xdd
  }

  /** Whether a table comes next. */
  get atTable(): boolean {
    const type = this.#peek()
    return (type >= 0x80 && type < 0x90) || type === 0xde || type === 0xdf
  }

  /** Reads the length of an array. The caller reads its values next, one by one. */
  readArrayLength(depth = 0): number {
    const type = this.#byte()
    const length = type >= 0x90 && type < 0xa0 ? type & 0x0f : type === 0xdc ? this.#uint16() : type === 0xdd ? this.#uint32() : -1
    if (length < 0) throw new ProtocolError('a message that is not an array')
    this.#enter(length, depth)
    return length
  }

  /** Reads the number of entries of a table. The caller calls `readKey` and `readValue` for each. */
  readTableLength(depth: number): number {
    const type = this.#byte()
    const length = type >= 0x80 && type < 0x90 ? type & 0x0f : type === 0xde ? this.#uint16() : type === 0xdf ? this.#uint32() : -1
    if (length < 0) throw new ProtocolError('a value that is not a table')
    this.#enter(length * 2, depth)
    return length
  }

  /** Reads a key of a table that is inside `depth` others. Numbers become text, as in an object. */
  readKey(depth: number): string {
    const type = this.#peek()
    if (isFixText(type)) return this.#shortText(type)
    const key = this.readValue(depth)
    if (typeof key === 'object') throw new ProtocolError('a table as a key')
    return String(key)
  }

  #array(length: number, depth: number): unknown[] {
    this.#enter(length, depth)
    const array: unknown[] = []
    for (let index = 0; index < length; index++) array.push(this.readValue(depth + 1))
    return array
  }

  #table(length: number, depth: number): KongTable {
    this.#enter(length * 2, depth)
    const table = new KongTable()
    for (let index = 0; index < length; index++) {
      const key = this.readKey(depth + 1)
      table[key] = this.readValue(depth + 1)
    }
    return table
  }

  /** Checks a number of parts before an array is made for them. Each part takes at least one byte. */
  #enter(parts: number, depth: number): void {
    if (depth >= this.#limits.maxDepth)
      throw new ProtocolError(`tables more than ${this.#limits.maxDepth} deep`, 'refuse such bodies before the plugin reads them')
    this.#valuesLeft -= parts
    if (this.#valuesLeft < 0) throw tooManyValues(this.#limits)
    if (parts > this.#end - this.#position) throw INCOMPLETE
  }

  #shortText(type: number): string {
    const start = this.#position + 1
    const length = type & 0x1f
    this.#position = start
    this.#take(length)
    return this.#keys.get(this.#bytes, start, start + length)
  }

  #text(length: number): string {
    const start = this.#take(length)
    return decodeText(this.#bytes, start, start + length)
  }

  #binary(length: number): Uint8Array {
    const start = this.#take(length)
    const bytes = new Uint8Array(length)
    bytes.set(this.#bytes.subarray(start, start + length))
    return bytes
  }

  /** Kong does not use extension types, and reads those that it gets as nil. */
  #extension(length: number): undefined {
    this.#take(length + 1)
  }

  /** Looks at the next byte without reading it. */
  #peek(): number {
    if (this.#position >= this.#end) throw INCOMPLETE
    return this.#bytes[this.#position] as number
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] as number
  }

  #uint16(): number {
    return this.#bytes.readUInt16BE(this.#take(2))
  }

  #uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4))
  }

  /** Ids are this large. Exact up to 2^53, and rounded to a double beyond, as in Lua. */
  #uint64(): number {
    const start = this.#take(8)
    return this.#bytes.readUInt32BE(start) * 0x1_0000_0000 + this.#bytes.readUInt32BE(start + 4)
  }

  /** @returns where the bytes begin. */
  #take(length: number): number {
    const start = this.#position
    if (length > this.#end - start) {
      if (length > this.#limits.maxMessageBytes) throw messageTooLarge(this.#limits.maxMessageBytes)
      throw INCOMPLETE
    }
    this.#position = start + length
    return start
  }
}

/** Whether a text of up to 31 bytes begins with this byte. */
function isFixText(type: number): boolean {
  return type >= 0xa0 && type < 0xc0
}
