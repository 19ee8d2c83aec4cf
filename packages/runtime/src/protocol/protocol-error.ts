import { KongTsError } from '@kong-ts/core'

/** Bytes that are no message of the protocol, or break a limit: the connection they came on is closed, no other one is touched. */
export class ProtocolError extends KongTsError {
  constructor(reason: string, remedy = 'only Kong may speak to this socket; see -socket-mode') {
    super('ERR_PROTOCOL', `${reason}: ${remedy}`)
  }
}
