import type { ByteReader } from './byte-reader.js'

/** A body with its framing removed. */
export interface MessageBody {
  readonly bytes: Buffer
  /** False when the other side ended or fell silent first. */
  readonly complete: boolean
  readonly timedOut: boolean
}

const LARGEST_CHUNK_LINE = 8192

/** Reads a body whose length was announced. */
export async function readSizedBody(reader: ByteReader, length: number, timeoutMs: number): Promise<MessageBody> {
  const { bytes, end } = await reader.exactly(length, timeoutMs)
  return { bytes, complete: end === undefined, timedOut: end === 'timeout' }
}

/** Reads whatever comes until the other side ends. */
export async function readBodyToEnd(reader: ByteReader, timeoutMs: number): Promise<MessageBody> {
  const parts: Buffer[] = []
  for (;;) {
    if (reader.buffered.length > 0) parts.push(reader.take(reader.buffered.length))
    const end = await reader.more(0, timeoutMs)
    if (end !== undefined) return { bytes: Buffer.concat(parts), complete: end === 'ended', timedOut: end === 'timeout' }
  }
}

/** Reads a chunked body with its trailers. */
export async function readChunkedBody(reader: ByteReader, timeoutMs: number): Promise<MessageBody> {
  const parts: Buffer[] = []
  const broken = (timedOut: boolean): MessageBody => ({ bytes: Buffer.concat(parts), complete: false, timedOut })
  for (;;) {
    const line = await readLine(reader, timeoutMs)
    if (typeof line !== 'string') return broken(line.timedOut)
    const size = /^\s*([0-9a-f]{1,12})\s*(?:;.*)?$/i.exec(line)?.[1]
    if (size === undefined) return broken(false)
    const length = Number.parseInt(size, 16)
    if (length === 0) break
    const { bytes, end } = await reader.exactly(length, timeoutMs)
    parts.push(bytes)
    if (end !== undefined) return broken(end === 'timeout')
    const after = await readLine(reader, timeoutMs)
    if (after !== '') return broken(typeof after === 'object' && after.timedOut)
  }
  for (;;) {
    const trailer = await readLine(reader, timeoutMs)
    if (trailer === '') return { bytes: Buffer.concat(parts), complete: true, timedOut: false }
    if (typeof trailer !== 'string') return broken(trailer.timedOut)
  }
}

async function readLine(reader: ByteReader, timeoutMs: number): Promise<string | { readonly timedOut: boolean }> {
  for (;;) {
    const at = reader.buffered.indexOf(0x0a)
    if (at >= 0)
      return reader
        .take(at + 1)
        .toString('latin1')
        .replace(/\r?\n$/, '')
    if (reader.buffered.length > LARGEST_CHUNK_LINE) return { timedOut: false }
    const end = await reader.more(reader.buffered.length, timeoutMs)
    if (end !== undefined) return { timedOut: end === 'timeout' }
  }
}
