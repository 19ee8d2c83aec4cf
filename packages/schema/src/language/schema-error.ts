/** Stable codes of the errors that this package throws. Codes do not change between versions; texts may. */
export type SchemaErrorCode = 'ERR_KONG_VERSION' | 'ERR_KONG_SCHEMA' | 'ERR_NOT_JSON'

/**
 * A call that has no answer: a text that is not a version of Kong (`ERR_KONG_VERSION`), a schema that Kong would not load
 * (`ERR_KONG_SCHEMA`), a value that JSON cannot hold (`ERR_NOT_JSON`).
 */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
  readonly code: SchemaErrorCode

  constructor(code: SchemaErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
