import { ProtocolError } from '../errors/server-errors.js'
import { messageTooLarge, tooManyValues, type ProtocolLimits } from '../wire/limits.js'

/**
 * Finds the end of the message at the beginning of the bytes, without making values of it. Continues where it stopped when more bytes have come:
 * a large message that arrives in a thousand reads is scanned once, not a thousand times.
 */
export class MessageScanner {
  readonly #limits: ProtocolLimits
  #position = 0
  /** Values that are missing before the message is complete. */
  #pending = 1
  /** Values seen or announced. */
  #values = 1

  constructor(limits: ProtocolLimits) {
    this.#limits = limits
  }

  reset(): void {
    this.#position = 0
    this.#pending = 1
    this.#values = 1
  }

  /**
   * @param bytes all bytes of the message so far. Bytes of the next message may follow.
   * @returns the end of the message; `undefined` while bytes are missing.
   * @throws ProtocolError as soon as an announced size breaks the limit.
   */
  scan(bytes: Buffer): number | undefined {
    while (this.#pending > 0) {
      const header = headerAt(bytes, this.#position)
      if (header === undefined) return undefined
      const next = this.#position + header.bytes
      const pending = this.#pending - 1 + header.values
      if (this.#values + header.values > this.#limits.maxValues) throw tooManyValues(this.#limits)
      // A value takes at least one byte.
      if (next + pending > this.#limits.maxMessageBytes) throw messageTooLarge(this.#limits.maxMessageBytes)
      if (next > bytes.length) return undefined
      this.#values += header.values
      this.#position = next
      this.#pending = pending
    }
    return this.#position
  }
}

interface Header {
  /** Bytes of the value without the values inside it. */
  readonly bytes: number
  /** Values inside it: elements of an array, keys and values of a map. */
  readonly values: number
}

function headerAt(bytes: Buffer, at: number): Header | undefined {
  if (at >= bytes.length) return undefined
  const type = bytes[at] as number
  if (type < 0x80 || type >= 0xe0) return { bytes: 1, values: 0 }
  if (type < 0x90) return { bytes: 1, values: (type & 0x0f) * 2 }
  if (type < 0xa0) return { bytes: 1, values: type & 0x0f }
  if (type < 0xc0) return { bytes: 1 + (type & 0x1f), values: 0 }
  const fixed = FIXED_SIZES[type - 0xc0] as number
  if (fixed > 0) return { bytes: fixed, values: 0 }
  const width = LENGTH_WIDTHS[type - 0xc0] as number
  if (width === 0) throw new ProtocolError('a byte that MessagePack does not use')
  if (at + 1 + width > bytes.length) return undefined
  const length = bytes.readUIntBE(at + 1, width)
  if (type >= 0xde) return { bytes: 1 + width, values: length * 2 }
  if (type >= 0xdc) return { bytes: 1 + width, values: length }
  const extension = type >= 0xc7 && type <= 0xc9 ? 1 : 0
  return { bytes: 1 + width + extension + length, values: 0 }
}

/** Whole sizes of the types 0xc0 … 0xdf that have one; 0 for the others. */
const FIXED_SIZES = [1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18, 0, 0, 0, 0, 0, 0, 0]
/** Bytes of the length that follows the types 0xc0 … 0xdf that announce one; 0 for the others. */
const LENGTH_WIDTHS = [0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4]
