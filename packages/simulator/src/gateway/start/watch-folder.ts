import { watch } from 'node:fs'

/** What of a folder is watched. */
export interface WatchedFolder {
  readonly folder: string
  /** Watches the folders inside it too. Default false. */
  readonly recursive?: boolean
  /** True for a file whose changes count. The name is relative to the folder. */
  readonly counts: (name: string) => boolean
  /** Changes within this time count as one, in ms, because editors and compilers write in several steps. */
  readonly settleMs: number
}

/**
 * Calls `changed` after each change of a file in a folder.
 * @returns a function that ends the watching.
 */
export function watchFolder({ folder, recursive = false, counts, settleMs }: WatchedFolder, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(folder, { recursive }, (_event, name) => {
    // Some systems do not tell which file has changed.
    if (name !== null && !counts(name)) return
    clearTimeout(timer)
    timer = setTimeout(changed, settleMs)
  })
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
