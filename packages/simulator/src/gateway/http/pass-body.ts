import type { PassedBody } from '../../model/index.js'
import type { BodyPieces } from './body-pieces.js'
import { FullBuffers } from './full-buffers.js'

/** Where a response goes: its head is sent together with the first bytes. Every method tells whether the client is still there. */
export interface ResponseSink {
  /** Sends the head, if it was not sent yet, and these bytes of the body. */
  send(bytes: Buffer): Promise<boolean>
  /** Sends what is left, and the end of the body. */
  end(bytes: Buffer): Promise<boolean>
  /** Breaks off in the middle of the body. */
  cut(): void
  readonly bytesSent: number
}

/** The body of a service's answer, on its way to the client. */
export interface PassingBody {
  readonly pieces: BodyPieces
  /** True when bytes of it are here already. */
  readonly hasBegun: boolean
  /** Length of the service's head. */
  readonly headLength: number
  /** Longest wait for one read, in ms. */
  readonly timeoutMs: number
  /** Every piece at once; else nginx holds bytes back until one of its buffers is full. */
  readonly flushes: boolean
}

const SERVICE_ENDS = { malformed: 'service-malformed', ended: 'service-closed', timeout: 'service-timeout' } as const

/**
 * Passes a body on while it comes. The service is held back while the client does not take its bytes.
 * @param gone aborted when the client goes away.
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
