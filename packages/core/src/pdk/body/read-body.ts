import { promisify } from 'node:util'
import type { JsonValue } from '@kong-ts/schema'
import { PdkBodyError } from '../call/pdk-errors.js'

/** Largest body in bytes that `bytes`, `text` and `json` give when no limit is set: 10 MiB, counted after decompression. */
export const DEFAULT_BODY_LIMIT = 10 * 1024 * 1024

/** More are never used. A request with a list of a thousand would keep the process busy. */
const MAX_ENCODINGS = 4

/** How a body is read. */
export interface BodyOptions {
  /** Largest body in bytes, counted after decompression. 10 MiB (`DEFAULT_BODY_LIMIT`) when not given. */
  readonly limit?: number | undefined
}

/** A message that has a body: a request, or the response of a service. */
export interface BodySource {
  getRawBody(): Promise<Uint8Array>
  getHeader(name: string): Promise<string | undefined>
}

/** Gives the decompressed body of a message. For an empty body, Kong is not asked for the encoding. */
export async function readBody(source: BodySource, options: BodyOptions | undefined): Promise<Uint8Array> {
  const body = await source.getRawBody()
  return body.length === 0 ? body : decode(body, await source.getHeader('content-encoding'), options?.limit ?? DEFAULT_BODY_LIMIT)
}

/** Reads a body as UTF-8 text. Bytes that are not UTF-8 become U+FFFD, and a byte order mark is left out. */
export function readText(body: Uint8Array): string {
  return new TextDecoder().decode(body)
}

/** Reads a body as JSON; `undefined` when it is empty. */
export function readJson(body: Uint8Array): JsonValue | undefined {
  if (body.length === 0) return undefined
  try {
    const value: JsonValue = JSON.parse(readText(body))
    return value
  } catch (error) {
    throw new PdkBodyError('the body is not JSON: answer with 400, or read it with text()', { cause: error })
  }
}

/** Undoes the content encodings of a body, the last one first. Stops as soon as the result is larger than the limit. */
async function decode(body: Uint8Array, contentEncoding: string | undefined, limit: number): Promise<Uint8Array> {
  if (body.length > limit) throw tooLarge(limit)
  const encodings = (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (encodings.length > MAX_ENCODINGS) {
    throw new PdkBodyError(`the body has more than ${MAX_ENCODINGS} content encodings: refuse such requests with 415`)
  }
  let decoded = body
  for (const encoding of encodings.reverse()) decoded = await undo(encoding, decoded, limit)
  return decoded
}

async function undo(encoding: string, body: Uint8Array, limit: number): Promise<Uint8Array> {
  // Loaded here, so that plugins that never read a compressed body start faster.
  const zlib = await import('node:zlib')
  // zlib does not accept 0 as a limit.
  const settings = { maxOutputLength: Math.max(limit, 1) }
  try {
    const decoded = await decompress(zlib, encoding, body, settings)
    if (decoded.length > limit) throw tooLarge(limit)
    return decoded
  } catch (error) {
    if (error instanceof PdkBodyError) throw error
    if (isCode(error, 'ERR_BUFFER_TOO_LARGE')) throw tooLarge(limit)
    throw new PdkBodyError(`the body is not valid ${encoding}: read it with getRawBody() to handle it yourself`, { cause: error })
  }
}

function decompress(zlib: typeof import('node:zlib'), encoding: string, body: Uint8Array, settings: object): Promise<Uint8Array> {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return promisify<Uint8Array, object, Uint8Array>(zlib.gunzip)(body, settings)
    case 'deflate':
      // `deflate` means zlib's format, but some senders leave its header out. The low half of the first byte of that header is 8.
      return promisify<Uint8Array, object, Uint8Array>(((body[0] ?? 0) & 0x0f) === 8 ? zlib.inflate : zlib.inflateRaw)(body, settings)
    case 'br':
      return promisify<Uint8Array, object, Uint8Array>(zlib.brotliDecompress)(body, settings)
    default:
      throw new PdkBodyError(
        `content encoding ${JSON.stringify(encoding)} is not known: read the body with getRawBody() to decode it yourself`,
      )
  }
}

function tooLarge(limit: number): PdkBodyError {
  return new PdkBodyError(`the body is larger than ${limit} bytes: pass a higher limit, or refuse such requests with 413`)
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
