/** npm passes on the Ctrl-C that the terminal has already sent to everybody: the same wish, not a second one. */
const SAME_WISH = 500

/** Resolves at Ctrl-C, SIGTERM or when the terminal is closed. A second signal ends the process at once, for whoever cannot wait for the clean end. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        first ??= performance.now()
        if (performance.now() - first > SAME_WISH) process.exit(1)
        resolve()
      })
    }
  })
}
