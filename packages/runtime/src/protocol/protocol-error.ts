import { KongTsError } from '@kong-ts/core'

/** Bytes that are no message of the protocol: the connection they came on is closed, no other one is touched. */
export class ProtocolError extends KongTsError {
  constructor(reason: string) {
    super('ERR_PROTOCOL', `${reason}: only Kong may speak to this socket; see -socket-mode`)
  }
}
