/** Stable codes of every `KongTsError`. Codes do not change between versions; texts may. `docs/errors.md` explains each. */
export type KongTsErrorCode =
  | 'ERR_PLUGIN_DEFINITION'
  | 'ERR_PLUGIN_CONFIG'
  | 'ERR_PDK_PHASE'
  | 'ERR_PDK_ARGUMENT'
  | 'ERR_PDK_CALL'
  | 'ERR_PDK_PROTOCOL'
  | 'ERR_NO_CURRENT_EVENT'
  | 'ERR_PHASE_TIMEOUT'
  | 'ERR_INSTANCE'
  | 'ERR_SERVER_START'
  | 'ERR_PROTOCOL'
  | 'ERR_GATEWAY_CONFIG'
  | 'ERR_GATEWAY_START'
  | 'ERR_PLUGIN_FILE'
  | 'ERR_TEST'

/** Base of all errors of kong-ts: a stable `code`, and a message that ends with what to do about it. */
export class KongTsError extends Error {
  readonly code: KongTsErrorCode

  constructor(code: KongTsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}
