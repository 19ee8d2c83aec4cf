import { KongTsError } from '@kong-ts/core'

/** The plugin server cannot start: one line for Kong's error log, with what to do about it. */
export class ServerStartError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_SERVER_START', message, options)
  }
}
