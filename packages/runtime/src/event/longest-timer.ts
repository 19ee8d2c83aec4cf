/** Milliseconds, 24 days: a timer for longer ends at once. */
export const LONGEST_TIMER = 2 ** 31 - 1
