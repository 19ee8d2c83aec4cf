import type { ServerHttp2Stream } from 'node:http2'
import { PlainBody, type BodyEnd, type BodyPieces } from './body-pieces.js'
import { ByteReader } from './byte-reader.js'

/** The body of an HTTP/2 request: its end is marked, so that one that breaks off can be told from one that is over. */
export class Http2Body implements BodyPieces {
  readonly isChunked = false
  private readonly pieces: PlainBody

  constructor(private readonly stream: ServerHttp2Stream) {
    this.pieces = new PlainBody(new ByteReader(stream), Infinity)
  }

  get isBegun(): boolean {
    return this.pieces.isBegun
  }

  get wireBytes(): number {
    return this.pieces.wireBytes
  }

  get end(): BodyEnd | undefined {
    return this.pieces.end === 'complete' && this.stream.aborted ? 'ended' : this.pieces.end
  }

  async next(timeoutMs: number): Promise<Buffer | BodyEnd> {
    const piece = await this.pieces.next(timeoutMs)
    return piece === 'complete' ? (this.end ?? piece) : piece
  }
}
