import type { BodyEnd, BodyPieces } from './body-pieces.js'

/** The body of a client that sent `Expect: 100-continue`. Sends `100 Continue` when the first piece is asked for. */
export class ExpectingBody implements BodyPieces {
  readonly #body: BodyPieces
  readonly #sendContinue: () => void
  isBegun = false

  constructor(body: BodyPieces, sendContinue: () => void) {
    this.#body = body
    this.#sendContinue = sendContinue
  }

  get wireBytes(): number {
    return this.#body.wireBytes
  }

  get isChunked(): boolean {
    return this.#body.isChunked
  }

  /** Undefined until `100 Continue` is sent, because it is not known before whether the client sends the body. */
  get end(): BodyEnd | undefined {
    return this.isBegun ? this.#body.end : undefined
  }

  next(timeoutMs: number): Promise<Buffer | BodyEnd> {
    if (!this.isBegun) this.#sendContinue()
    this.isBegun = true
    return this.#body.next(timeoutMs)
  }
}

/** nginx's `lingering_timeout`, the longest pause, and `lingering_time`, the longest time altogether, in ms. */
const PAUSE_MS = 5_000
const LONGEST_MS = 30_000

/**
 * Reads a body that nobody wanted, so that the next request can be read from the connection. Does not read a body that somebody has read
 * in part, or that the client sends only after `100 Continue`: the caller then closes the connection.
 * @returns true when the body is complete.
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
