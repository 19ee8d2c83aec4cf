import { KongTsError } from '../errors/kong-ts-error.js'

/**
 * A PDK method got an argument on which Kong would raise. Nothing was sent: Kong would have ended the request with a 500.
 * The value itself is not part of the message, since it may be a secret.
 */
export class PdkArgumentError extends KongTsError {
  /** Kong's name of the function, for example `kong.response.set_header`. */
  readonly method: string
  /** Kong's name of the argument. */
  readonly argument: string
  /** The rule that was broken, worded so that it is also the remedy: `must be a string`. */
  readonly rule: string

  constructor(method: string, argument: string, rule: string) {
    super('ERR_PDK_ARGUMENT', `${method} was not called: ${argument} ${rule}`)
    this.method = method
    this.argument = argument
    this.rule = rule
  }
}
