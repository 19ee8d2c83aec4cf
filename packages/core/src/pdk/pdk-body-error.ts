import { KongTsError } from '../errors/kong-ts-error.js'

/**
 * A body could not be handed over as asked for: too large, in an encoding that is not known, not JSON, or spilled to a file that
 * this Kong does not read back.
 */
export class PdkBodyError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_PDK_CALL', message, options)
  }
}
