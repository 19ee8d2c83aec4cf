const LINE_END = Buffer.from('\r\n')

/** The chunk that ends a body. */
export const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/** Bytes as one chunk; no bytes make no chunk. */
export function chunkOf(bytes: Buffer): Buffer[] {
  return bytes.length === 0 ? [] : [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, LINE_END]
}
