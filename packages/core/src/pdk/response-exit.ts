/**
 * Unwinds a phase handler after `kong.response.exit` or `kong.response.error`: Kong never answers those calls, the request is over.
 *
 * It is thrown, not returned, so that `finally` blocks run and later code does not. It is no error of the plugin and is not logged;
 * a handler that catches it cannot continue the request, since every further PDK call of the event rejects with it again.
 */
export class ResponseExit extends Error {
  constructor() {
    super('kong.response.exit ended this request: code after it does not run')
    this.name = 'ResponseExit'
  }
}

/** Methods after which Kong sends no further step: the event is over when they are handed over. */
export const FINAL_METHODS: ReadonlySet<string> = new Set(['kong.response.exit', 'kong.response.error'])
