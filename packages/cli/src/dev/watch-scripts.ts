import { watch } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** A build writes many files: what follows within this time (ms) is the same change. */
const SETTLED = 250

/** Ends the watching. */
export interface Watching {
  close(): void
}

/**
 * Tells which script's output has changed.
 *
 * @param changed is called with the script, once per change.
 */
export function watchScripts(scripts: readonly string[], changed: (script: string) => void): Watching {
  const watchers = scripts.map((script) => watchOutput(script, () => changed(script)))
  return {
    close() {
      for (const watcher of watchers) watcher.close()
    },
  }
}

function watchOutput(script: string, changed: () => void): Watching {
  let timer: NodeJS.Timeout | undefined
  return watch(dirname(resolve(script)), { recursive: true }, (_event, file) => {
    if (file === null || !file.endsWith('.js')) return
    clearTimeout(timer)
    timer = setTimeout(changed, SETTLED)
  })
}
