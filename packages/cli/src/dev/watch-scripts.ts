import { dirname, resolve } from 'node:path'
import { watchFolder } from '@kong-ts/simulator/gateway'

/** A build writes many files. Changes within this time count as one. */
const BUILD_MS = 250

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
  const ends = scripts.map((script) => {
    const output = dirname(resolve(script))
    return watchFolder({ folder: output, recursive: true, counts: (name) => name.endsWith('.js'), settleMs: BUILD_MS }, () =>
      changed(script),
    )
  })
  return {
    close() {
      for (const end of ends) end()
    },
  }
}
