import type { KongTsErrorCode } from './error-codes.js'

/** Base of all errors of kong-ts: a stable `code`, and a message that ends with what to do about it. */
export class KongTsError extends Error {
  /** Does not change between versions. `docs/errors.md` lists all codes. */
  readonly code: KongTsErrorCode

  constructor(code: KongTsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}
