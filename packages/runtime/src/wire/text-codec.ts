import { isUtf8 } from 'node:buffer'

/** Up to this many bytes, checking each for ASCII is faster than calling Node's UTF-8 decoder. */
const SHORT = 48
/** Up to this many, appending characters makes flat text; beyond, V8 would make a rope. */
const SHORTEST = 8
const REPLACEMENT = '\uFFFD'
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Decodes a Lua string. Lua strings are bytes: mostly UTF-8, but headers and paths may hold anything. Each byte that is not part of valid
 * UTF-8 becomes a lone surrogate U+DC80…U+DCFF, which `encodeEscapedText` turns back into the same byte.
 */
export function decodeText(bytes: Buffer, start: number, end: number): string {
  const length = end - start
  if (length > SHORT) return decodeBeyondAscii(bytes, start, end)
  let bits = 0
  for (let index = start; index < end; index++) bits |= bytes[index] as number
  if (bits > 0x7f) return decodeBeyondAscii(bytes, start, end)
  if (length > SHORTEST) return bytes.toString('latin1', start, end)
  let text = ''
  for (let index = start; index < end; index++) text += String.fromCharCode(bytes[index] as number)
  return text
}

function decodeBeyondAscii(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  if (!text.includes(REPLACEMENT) || isUtf8(bytes.subarray(start, end))) return text
  return decodeWithEscapes(bytes, start, end)
}

function decodeWithEscapes(bytes: Buffer, start: number, end: number): string {
  let text = ''
  let valid = start
  let index = start
  while (index < end) {
    const length = validSequenceLength(bytes, index, end)
    if (length > 0) {
      index += length
      continue
    }
    text += bytes.toString('utf8', valid, index) + String.fromCharCode(0xdc00 + (bytes[index] as number))
    index++
    valid = index
  }
  return text + bytes.toString('utf8', valid, end)
}

/** Length of the UTF-8 sequence at `index`; 0 when the bytes there are not UTF-8. */
function validSequenceLength(bytes: Buffer, index: number, end: number): number {
  const first = bytes[index] as number
  if (first < 0x80) return 1
  const length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0
  if (length === 0 || index + length > end) return 0
  return isUtf8(bytes.subarray(index, index + length)) ? length : 0
}

/** Tells whether a text holds escaped bytes of `decodeText`, or other lone surrogates: UTF-8 can write neither. */
export function hasLoneSurrogates(text: string): boolean {
  return LONE_SURROGATE.test(text)
}

/** Encodes a text that holds escaped bytes of `decodeText`. Other lone surrogates become U+FFFD, as everywhere in Node. */
export function encodeEscapedText(text: string): Uint8Array {
  const parts: Buffer[] = []
  let plain = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const high = index > 0 ? text.charCodeAt(index - 1) : 0
    if (code < 0xdc80 || code > 0xdcff || (high >= 0xd800 && high < 0xdc00)) continue
    parts.push(Buffer.from(text.slice(plain, index), 'utf8'), Buffer.of(code - 0xdc00))
    plain = index + 1
  }
  parts.push(Buffer.from(text.slice(plain), 'utf8'))
  return Buffer.concat(parts)
}

const CACHE_SLOTS = 512
const LONGEST_CACHED = 31

/**
 * Decodes table keys, which repeat from message to message (`EventId`, `Data`, header names). Each hash has a slot with the last key that fell
 * into it, so that most keys are compared and not decoded. A flood of new keys only replaces old ones.
 */
export class KeyCache {
  readonly #keys: (string | undefined)[] = Array.from({ length: CACHE_SLOTS })

  get(bytes: Buffer, start: number, end: number): string {
    const length = end - start
    if (length === 0 || length > LONGEST_CACHED) return decodeText(bytes, start, end)
    const slot =
      ((bytes[start] as number) * 31 + (bytes[end - 1] as number) * 7 + (bytes[start + (length >> 1)] as number) * 3 + length) &
      (CACHE_SLOTS - 1)
    const cached = this.#keys[slot]
    if (cached !== undefined && cached.length === length && isSame(cached, bytes, start)) return cached
    const key = decodeText(bytes, start, end)
    // Only ASCII can be compared byte by byte: there a character is a byte.
    if (key.length === length) this.#keys[slot] = key
    return key
  }
}

function isSame(key: string, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < key.length; index++) if (key.charCodeAt(index) !== bytes[start + index]) return false
  return true
}
