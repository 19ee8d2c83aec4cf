import { isUtf8 } from 'node:buffer'

/** Up to this many bytes, looking whether all are ASCII beats a call into Node's UTF-8 decoder. */
const SHORT = 48
/** Up to this many, adding up characters makes flat text; beyond, V8 would make a rope of it. */
const SHORTEST = 8

/**
 * Text of Lua strings. They are bytes, mostly UTF-8, but headers and paths need not be: each byte that is no part of valid UTF-8 becomes a lone
 * surrogate U+DC80…U+DCFF, and `encodeText` turns it back into the same byte.
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

const REPLACEMENT = '�'

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

/** Bytes of the UTF-8 sequence at `index`; 0 when there is none. */
function validSequenceLength(bytes: Buffer, index: number, end: number): number {
  const first = bytes[index] as number
  if (first < 0x80) return 1
  const length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0
  if (length === 0 || index + length > end) return 0
  return isUtf8(bytes.subarray(index, index + length)) ? length : 0
}

/** The bytes of a text that holds escapes of `decodeText`; other lone surrogates become U+FFFD, as everywhere in Node. */
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
