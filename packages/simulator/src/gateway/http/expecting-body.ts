import type { BodyEnd, BodyPieces } from './body-pieces.js'

/** The body of a client that waits for `100 Continue` before it sends it: asking for the first piece sends that. */
export class ExpectingBody implements BodyPieces {
  isBegun = false

  constructor(
    private readonly body: BodyPieces,
    private readonly sendContinue: () => void,
  ) {}

  get wireBytes(): number {
    return this.body.wireBytes
  }

  get isChunked(): boolean {
    return this.body.isChunked
  }

  /** Undefined before the client was told to go on: whether the body comes is open until then. */
  get end(): BodyEnd | undefined {
    return this.isBegun ? this.body.end : undefined
  }

  next(timeoutMs: number): Promise<Buffer | BodyEnd> {
    if (!this.isBegun) this.sendContinue()
    this.isBegun = true
    return this.body.next(timeoutMs)
  }
}
