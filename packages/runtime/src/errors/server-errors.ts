import { KongTsError } from '@kong-ts/core'

/** The plugin server cannot start. The message is one line for Kong's error log, and says what to do. */
export class ServerStartError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_SERVER_START', message, options)
  }
}

/** An instance does not start or close, for a reason other than its configuration. */
export class InstanceError extends KongTsError {
  constructor(message: string) {
    super('ERR_INSTANCE', message)
  }
}

/** Bytes that are not a message of the protocol, or that break a limit. Only the connection they came on is closed. */
export class ProtocolError extends KongTsError {
  constructor(reason: string, remedy = 'only Kong may speak to this socket; see -socket-mode') {
    super('ERR_PROTOCOL', `${reason}: ${remedy}`)
  }
}

/** A PDK call that ProtoBuf:1 cannot carry. Nothing was sent: Kong would have stopped reading and ended the request with 500. */
export class PdkProtocolError extends KongTsError {
  /** Kong's name of the function. */
  readonly method: string

  /** @param remedy what to do instead, as a sentence. */
  constructor(method: string, remedy: string) {
    super('ERR_PDK_PROTOCOL', `${method} was not called: ProtoBuf:1 cannot carry it. ${remedy}`)
    this.method = method
  }
}
