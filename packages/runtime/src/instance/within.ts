import { LONGEST_TIMER } from '../event/longest-timer.js'

/**
 * Waits for something that may never come.
 *
 * @param ms milliseconds.
 * @param late makes the error that is thrown when the time is over.
 */
export async function within<T>(ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), Math.min(ms, LONGEST_TIMER))
  })
  try {
    return await Promise.race([promise, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
