/** Milliseconds, 24 days. Node fires a timer for longer at once. */
export const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Waits for a promise, but not for ever.
 *
 * @param ms milliseconds to wait at most.
 * @param timeoutError makes the error that is thrown when the time is over.
 */
export async function withTimeout<T>(ms: number, promise: Promise<T>, timeoutError: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timeoutError()), Math.min(ms, LONGEST_TIMER))
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
