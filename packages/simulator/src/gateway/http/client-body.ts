import type { BodyEnd, BodyPieces } from './body-pieces.js'

/** The body of a client that waits for `100 Continue` before it sends it: asking for the first piece sends that. */
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

  /** Undefined before the client was told to go on: whether the body comes is open until then. */
  get end(): BodyEnd | undefined {
    return this.isBegun ? this.#body.end : undefined
  }

  next(timeoutMs: number): Promise<Buffer | BodyEnd> {
    if (!this.isBegun) this.#sendContinue()
    this.isBegun = true
    return this.#body.next(timeoutMs)
  }
}

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
