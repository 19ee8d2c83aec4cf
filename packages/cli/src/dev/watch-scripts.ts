import { watch } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** A build writes many files. Changes within this time (ms) count as one. */
const SETTLE_MS = 250

/** Ends the watching. */
export interface Watching {
  close(): void
}

/**
 * Watches the output folders of scripts.
 *
 * @param changed called with the script, once for each change, until the watching is closed.
 */
export function watchScripts(scripts: readonly string[], changed: (script: string) => void): Watching {
  const watchings = scripts.map((script) => watchOutput(script, () => changed(script)))
  return {
    close() {
      for (const watching of watchings) watching.close()
    },
  }
}

function watchOutput(script: string, changed: () => void): Watching {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(dirname(resolve(script)), { recursive: true }, (_event, file) => {
    // Some systems do not tell which file has changed.
    if (file !== null && !file.endsWith('.js')) return
    clearTimeout(timer)
    timer = setTimeout(changed, SETTLE_MS)
  })
  return {
    close() {
      clearTimeout(timer)
      watcher.close()
    },
  }
}
