import type { BodyPieces } from './body-pieces.js'

/** `lingering_timeout` and `lingering_time` of nginx, in ms. */
const PAUSE_MS = 5_000
const LONGEST_MS = 30_000

/**
 * Takes a body nobody wanted off the connection, so that the next request can be read. One that was begun, or that the client sends only
 * when told to, is left: the connection is of no use then.
 * @returns true when the body came to its end.
 */
export async function discardBody(body: BodyPieces, isExpecting: boolean): Promise<boolean> {
  if (body.end !== undefined) return body.end === 'complete'
  if (body.isBegun || isExpecting) return false
  const deadline = performance.now() + LONGEST_MS
  while (performance.now() < deadline) {
    const piece = await body.next(PAUSE_MS)
    if (typeof piece === 'string') return piece === 'complete'
  }
  return false
}
