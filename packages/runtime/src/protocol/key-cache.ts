import { decodeText } from './text-decoder.js'

const SLOTS = 512
const LONGEST = 31

/**
 * Table keys repeat from message to message (`EventId`, `Data`, header names). A slot per hash keeps the last key that fell into it, so that most
 * keys are compared instead of decoded. Bounded: a flood of new keys only replaces old ones.
 */
export class KeyCache {
  readonly #keys: (string | undefined)[] = Array.from({ length: SLOTS })

  get(bytes: Buffer, start: number, end: number): string {
    const length = end - start
    if (length === 0 || length > LONGEST) return decodeText(bytes, start, end)
    const slot =
      ((bytes[start] as number) * 31 + (bytes[end - 1] as number) * 7 + (bytes[start + (length >> 1)] as number) * 3 + length) & (SLOTS - 1)
    const cached = this.#keys[slot]
    if (cached !== undefined && cached.length === length && isSame(cached, bytes, start)) return cached
    const key = decodeText(bytes, start, end)
    // Only ASCII, where a character is a byte, can be compared byte by byte.
    if (key.length === length) this.#keys[slot] = key
    return key
  }
}

function isSame(key: string, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < key.length; index++) if (key.charCodeAt(index) !== bytes[start + index]) return false
  return true
}
