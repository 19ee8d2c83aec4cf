import { fileURLToPath } from 'node:url'

/** The folder of this package, whatever the working directory is. */
export const BENCHMARKS_FOLDER = fileURLToPath(new URL('../..', import.meta.url))
