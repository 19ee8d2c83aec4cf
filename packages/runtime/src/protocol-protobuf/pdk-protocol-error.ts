import { KongTsError } from '@kong-ts/core'

/** A PDK call that ProtoBuf:1 cannot carry. Nothing was sent: Kong would have stopped reading, and ended the request with a 500. */
export class PdkProtocolError extends KongTsError {
  /** Kong's name of the function. */
  readonly method: string

  /** @param instead what to do, worded as a remedy. */
  constructor(method: string, instead: string) {
    super('ERR_PDK_PROTOCOL', `${method} was not called: ProtoBuf:1 cannot carry it. ${instead}`)
    this.method = method
  }
}
