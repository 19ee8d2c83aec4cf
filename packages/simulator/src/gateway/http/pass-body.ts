import type { PassedBody } from '../../model/index.js'
import type { BodyPieces } from './body-pieces.js'

/** Where a response is sent. `send` and `end` resolve to false when the client has gone. */
export interface ResponseSink {
  /** Sends these bytes of the body, before the first of them the head. */
  send(bytes: Buffer): Promise<boolean>
  /** Sends the last bytes and the end of the body. */
  end(bytes: Buffer): Promise<boolean>
  /** Breaks the body off, so that the client sees that it is not complete. */
  cut(): void
  readonly bytesSent: number
}

/** The body of a service's response on its way to the client. */
export interface PassingBody {
  readonly pieces: BodyPieces
  /** True when bytes of it have arrived. */
  readonly hasBegun: boolean
  /** Length of the service's head. */
  readonly headLength: number
  /** Longest wait for one read, in ms. */
  readonly timeoutMs: number
  /** True when each piece is sent at once. Otherwise nginx holds bytes back until one of its buffers is full. */
  readonly flushes: boolean
}

const SERVICE_ENDS = { malformed: 'service-malformed', ended: 'service-closed', timeout: 'service-timeout' } as const

/**
 * Passes a body on while it arrives. The service has to wait while the client does not take the bytes.
 * @param gone aborted when the client leaves.
 */
export async function passBody(sink: ResponseSink, body: PassingBody, gone: AbortSignal): Promise<PassedBody> {
  const { pieces, headLength, timeoutMs, flushes } = body
  const buffers = flushes || pieces.isChunked ? undefined : new FullBuffers(headLength)
  const result = (end: PassedBody['end']): PassedBody => ({ bytesSent: sink.bytesSent, end })
  if (flushes && !body.hasBegun && !(await sink.send(NOTHING))) return result('client-gone')
  for (;;) {
    const piece = await pieces.next(timeoutMs)
    if (gone.aborted) return result('client-gone')
    if (piece === 'complete') return result((await sink.end(buffers?.rest() ?? NOTHING)) ? 'complete' : 'client-gone')
    if (typeof piece === 'string') {
      const rest = buffers?.rest() ?? NOTHING
      if (rest.length > 0) await sink.send(rest)
      sink.cut()
      return result(SERVICE_ENDS[piece])
    }
    const ready = buffers?.add(piece) ?? piece
    if (ready.length > 0 && !(await sink.send(ready))) return result('client-gone')
  }
}

const NOTHING = Buffer.alloc(0)

/** `proxy_buffer_size` and the size of each of `proxy_buffers`. */
const BUFFER_BYTES = 4096

/**
 * nginx's response buffers, for bodies that do not mark where a piece ends: bytes go on when a buffer is full, and the rest when the body
 * ends.
 */
export class FullBuffers {
  #held: Buffer[] = []
  #heldBytes = 0
  /** Bytes until the current buffer is full. */
  #room: number

  /** @param headLength length of the service's head, which takes room in the first buffer. */
  constructor(headLength: number) {
    this.#room = BUFFER_BYTES - (headLength % BUFFER_BYTES)
  }

  /** Adds bytes. @returns the bytes that go on now, often none. */
  add(piece: Buffer): Buffer {
    const all = this.#heldBytes + piece.length
    if (all < this.#room) {
      this.#hold(Buffer.from(piece))
      return Buffer.alloc(0)
    }
    const full = this.#room + Math.floor((all - this.#room) / BUFFER_BYTES) * BUFFER_BYTES
    const kept = all - full
    const out = this.rest(piece.subarray(0, piece.length - kept))
    this.#room = BUFFER_BYTES
    // A copy, because a few bytes would keep a large piece in memory.
    if (kept > 0) this.#hold(Buffer.from(piece.subarray(piece.length - kept)))
    return out
  }

  /** All bytes held back, followed by `more`. */
  rest(more: Buffer = Buffer.alloc(0)): Buffer {
    const out = this.#held.length === 0 ? more : Buffer.concat([...this.#held, more])
    this.#held = []
    this.#heldBytes = 0
    return out
  }

  #hold(piece: Buffer): void {
    this.#held.push(piece)
    this.#heldBytes += piece.length
  }
}
