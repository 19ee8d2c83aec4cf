/**
 * Calls back after a time, and not before what has happened in this time was looked at: a process that was busy itself would otherwise
 * take a connection that is long made for none.
 * @returns a function that stops it.
 */
export function startPatientTimer(ms: number, late: () => void): () => void {
  let look: NodeJS.Immediate | undefined
  const timer = setTimeout(() => (look = setImmediate(late)), ms)
  return () => {
    clearTimeout(timer)
    if (look !== undefined) clearImmediate(look)
  }
}
