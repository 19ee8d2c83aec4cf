import { KongTsError } from '@kong-ts/core'

/** An instance does not start or close, for a reason that is not in its configuration. */
export class InstanceError extends KongTsError {
  constructor(message: string) {
    super('ERR_INSTANCE', message)
  }
}
