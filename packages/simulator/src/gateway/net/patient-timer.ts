/**
 * Calls `late` after `ms`, but handles the events of this time first. Otherwise a process that was busy itself would call a connection late
 * that was made in time.
 * @returns a function that stops the timer.
 */
export function startPatientTimer(ms: number, late: () => void): () => void {
  let look: NodeJS.Immediate | undefined
  const timer = setTimeout(() => (look = setImmediate(late)), ms)
  return () => {
    clearTimeout(timer)
    if (look !== undefined) clearImmediate(look)
  }
}
