import { ResponseExit } from './response-exit.js'

/**
 * Leaves the handler once a call that ends the request was handed over.
 *
 * Unwinding is no failure: without await the handler goes on, and what it calls then is the carrier's to refuse, as a failed call is the
 * carrier's to tell. So the promise counts as handled.
 */
export function unwindAfter(call: Promise<unknown>): Promise<never> {
  const ended = call.then(() => {
    throw new ResponseExit()
  })
  ended.catch(() => undefined)
  return ended
}
