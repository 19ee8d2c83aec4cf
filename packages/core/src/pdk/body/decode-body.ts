import { promisify } from 'node:util'
import { PdkBodyError } from '../pdk-body-error.js'

/** Largest body that the helpers hand over when no limit is given: 10 MiB, counted after decompression. */
export const DEFAULT_BODY_LIMIT = 10 * 1024 * 1024

/** Nobody applies more, but a list of a thousand would keep the process busy with one request. */
const MAX_ENCODINGS = 4

/** How a body is to be read. */
export interface BodyOptions {
  /** Largest body in bytes, counted after decompression; 10 MiB when not given. */
  readonly limit?: number | undefined
}

/** Undoes the content encodings of a body, last applied first. A body beyond the limit is an error before it is all in memory. */
export async function decodeBody(body: Uint8Array, contentEncoding: string | undefined, options: BodyOptions = {}): Promise<Uint8Array> {
  const limit = options.limit ?? DEFAULT_BODY_LIMIT
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
  // A plugin that never reads a compressed body does not pay for loading zlib.
  const zlib = await import('node:zlib')
  // zlib takes no 0 for a limit: an empty result still needs a place.
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
      // The name means zlib's format, yet some senders leave out its header, whose first byte has 8 in its low half.
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
