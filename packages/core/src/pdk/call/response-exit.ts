/**
 * Ends a phase handler after `kong.response.exit` or `kong.response.error`. Kong never answers those two calls: the request is over.
 *
 * It is thrown instead of returned, so that `finally` blocks run and later code does not. It does not mean that the plugin failed, and it
 * is not logged. A handler that catches it should throw it again: the request cannot be continued, and every further PDK call of the event
 * rejects with it.
 */
export class ResponseExit extends Error {
  constructor() {
    super('kong.response.exit ended this request: code after it does not run')
    this.name = 'ResponseExit'
  }
}

/** The methods that Kong never answers: the event is over as soon as one of them is sent. */
export const FINAL_METHODS: ReadonlySet<string> = new Set(['kong.response.exit', 'kong.response.error'])

/**
 * Rejects with `ResponseExit` once a final call was sent.
 *
 * Marks the rejection as handled: a handler that does not await keeps running, and that must not be an `unhandledRejection`. The carrier
 * rejects what such a handler calls later, and reports final calls that failed.
 */
export function unwindAfter(call: Promise<unknown>): Promise<never> {
  const ended = call.then(() => {
    throw new ResponseExit()
  })
  ended.catch(() => undefined)
  return ended
}
