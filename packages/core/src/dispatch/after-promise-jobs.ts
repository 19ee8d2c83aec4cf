/** Taken when the module loads: a test's fake clock may replace it later. */
const { nextTick } = process

/**
 * Runs `job(argument)` when no promise job is left: all reactions to promises that are settled have run, and all that followed from them.
 * Takes no turn of the event loop, so no timer and no socket is served meanwhile.
 */
export function afterPromiseJobs<T>(job: (argument: T) => void, argument: T): void {
  void Promise.resolve().then(() => nextTick(job, argument))
}

/** Does the same for a caller that is a promise job itself, and costs less. */
export function afterThisPromiseJob<T>(job: (argument: T) => void, argument: T): void {
  // Node empties its queue of promise jobs before it runs the next tick.
  nextTick(job, argument)
}
