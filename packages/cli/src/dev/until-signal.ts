/** Resolves at Ctrl-C or SIGTERM. A second signal ends the process at once, for whoever cannot wait for the clean end. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let seen = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (seen) process.exit(1)
        seen = true
        resolve()
      })
    }
  })
}
