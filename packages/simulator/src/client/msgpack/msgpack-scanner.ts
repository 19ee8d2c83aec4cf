import { KongRaise } from '../protocol/plugin-server-client.js'

/** The length field after a type byte, and what the length counts. */
interface LengthField {
  readonly bytes: 1 | 2 | 4
  readonly counts: 'bytes' | 'items' | 'pairs'
  /** Bytes that the length does not count: the type of an ext. */
  readonly extra: 0 | 1
}

const LENGTH_FIELDS: ReadonlyMap<number, LengthField> = new Map<number, LengthField>([
  [0xc4, { bytes: 1, counts: 'bytes', extra: 0 }],
  [0xc5, { bytes: 2, counts: 'bytes', extra: 0 }],
  [0xc6, { bytes: 4, counts: 'bytes', extra: 0 }],
  [0xc7, { bytes: 1, counts: 'bytes', extra: 1 }],
  [0xc8, { bytes: 2, counts: 'bytes', extra: 1 }],
  [0xc9, { bytes: 4, counts: 'bytes', extra: 1 }],
  [0xd9, { bytes: 1, counts: 'bytes', extra: 0 }],
  [0xda, { bytes: 2, counts: 'bytes', extra: 0 }],
  [0xdb, { bytes: 4, counts: 'bytes', extra: 0 }],
  [0xdc, { bytes: 2, counts: 'items', extra: 0 }],
  [0xdd, { bytes: 4, counts: 'items', extra: 0 }],
  [0xde, { bytes: 2, counts: 'pairs', extra: 0 }],
  [0xdf, { bytes: 4, counts: 'pairs', extra: 0 }],
])

const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [0xc0, 0],
  [0xc2, 0],
  [0xc3, 0],
  [0xca, 4],
  [0xcb, 8],
  [0xcc, 1],
  [0xcd, 2],
  [0xce, 4],
  [0xcf, 8],
  [0xd0, 1],
  [0xd1, 2],
  [0xd2, 4],
  [0xd3, 8],
  [0xd4, 2],
  [0xd5, 3],
  [0xd6, 5],
  [0xd7, 9],
  [0xd8, 17],
])

/**
 * Finds the end of a msgpack value while its bytes arrive, and looks at each byte once. Needed because MsgPack:1 has no length prefix.
 */
export class MsgpackScanner {
  #position = 0
  #pendingValues = 1

  /**
   * Continues the scan. `buffer` starts where the value starts.
   * @returns the length of the value in bytes, or undefined when it is not complete.
   * @throws KongRaise for a byte that cannot begin a value.
   */
  scan(buffer: Buffer): number | undefined {
    while (this.#pendingValues > 0) {
      const length = this.#headLength(buffer)
      if (length === undefined) return undefined
      this.#position += length.bytes
      this.#pendingValues += length.children - 1
    }
    return this.#position <= buffer.length ? this.#position : undefined
  }

  /** Length of the value at the current position without the values that it contains, and the number of these. */
  #headLength(buffer: Buffer): { bytes: number; children: number } | undefined {
    const type = buffer[this.#position]
    if (type === undefined) return undefined
    if (type <= 0x7f || type >= 0xe0) return { bytes: 1, children: 0 }
    if (type <= 0x8f) return { bytes: 1, children: (type & 0x0f) * 2 }
    if (type <= 0x9f) return { bytes: 1, children: type & 0x0f }
    if (type <= 0xbf) return { bytes: 1 + (type & 0x1f), children: 0 }
    const fixed = FIXED_BYTES.get(type)
    if (fixed !== undefined) return { bytes: 1 + fixed, children: 0 }
    const field = LENGTH_FIELDS.get(type)
    if (field === undefined) throw new KongRaise(`unpack '${type.toString(16)}' is unimplemented`)
    if (buffer.length < this.#position + 1 + field.bytes) return undefined
    const length = buffer.readUIntBE(this.#position + 1, field.bytes)
    const head = 1 + field.bytes
    if (field.counts === 'bytes') return { bytes: head + field.extra + length, children: 0 }
    return { bytes: head, children: field.counts === 'pairs' ? length * 2 : length }
  }
}
