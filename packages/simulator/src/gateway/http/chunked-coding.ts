import type { ByteReader } from '../net/byte-reader.js'
import type { BodyEnd, BodyPieces } from './body-pieces.js'

const SIZE_LINE = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i
/** A valid start of a size line. A line that does not match is malformed before its end has arrived. */
const SIZE_LINE_BEGUN = /^[0-9a-f]{0,12}(?:[ \t]*(?:;.*)?)\r?$/i
const LONGEST_LINE = 8192

/** A body with `Transfer-Encoding: chunked`. Drops its trailers, as nginx does. */
export class ChunkedBody implements BodyPieces {
  readonly #reader: ByteReader
  readonly isChunked = true
  isBegun = false
  wireBytes = 0
  end: BodyEnd | undefined
  /** Bytes of the current chunk that were not read yet. */
  #left = 0
  /** True when the line end after a chunk was not read yet. */
  #afterChunk = false

  constructor(reader: ByteReader) {
    this.#reader = reader
  }

  async next(timeoutMs: number): Promise<Buffer | BodyEnd> {
    this.isBegun = true
    if (this.end === undefined && this.#left === 0) this.end = await this.#beginChunk(timeoutMs)
    if (this.end !== undefined) return this.end
    const stop = this.#reader.buffered.length > 0 ? undefined : await this.#reader.more(0, timeoutMs)
    if (stop !== undefined) return (this.end = stop)
    const piece = this.#take(Math.min(this.#left, this.#reader.buffered.length))
    this.#left -= piece.length
    this.#afterChunk = this.#left === 0
    return piece
  }

  async #beginChunk(timeoutMs: number): Promise<BodyEnd | undefined> {
    if (this.#afterChunk) {
      const rest = await this.#line(timeoutMs, /^\r?$/)
      if (rest !== '') return typeof rest === 'string' ? 'malformed' : rest.end
      this.#afterChunk = false
    }
    const line = await this.#line(timeoutMs, SIZE_LINE_BEGUN)
    if (typeof line !== 'string') return line.end
    const size = SIZE_LINE.exec(line)?.[1]
    if (size === undefined) return 'malformed'
    this.#left = Number.parseInt(size, 16)
    return this.#left === 0 ? this.#trailers(timeoutMs) : undefined
  }

  async #trailers(timeoutMs: number): Promise<BodyEnd> {
    for (;;) {
      const line = await this.#line(timeoutMs, /^/)
      if (typeof line !== 'string') return line.end
      if (line === '') return 'complete'
    }
  }

  /** The next line without its line end. `begun` matches every valid start of it. */
  async #line(timeoutMs: number, begun: RegExp): Promise<string | { readonly end: BodyEnd }> {
    for (;;) {
      const { buffered } = this.#reader
      const at = buffered.indexOf(0x0a)
      if (at >= 0)
        return this.#take(at + 1)
          .toString('latin1')
          .replace(/\r?\n$/, '')
      if (buffered.length > LONGEST_LINE || !begun.test(buffered.toString('latin1'))) return { end: 'malformed' }
      const end = await this.#reader.more(buffered.length, timeoutMs)
      if (end !== undefined) return { end }
    }
  }

  #take(length: number): Buffer {
    this.wireBytes += length
    return this.#reader.take(length)
  }
}

const LINE_END = Buffer.from('\r\n')

/** The chunk that ends a body. */
export const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/** Frames bytes as one chunk. Gives nothing for no bytes, because an empty chunk would end the body. */
export function chunkOf(bytes: Buffer): Buffer[] {
  return bytes.length === 0 ? [] : [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, LINE_END]
}
