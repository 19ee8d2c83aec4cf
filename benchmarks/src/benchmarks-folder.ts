import { fileURLToPath } from 'node:url'

/** This package's folder: where it is started from does not matter. */
export const BENCHMARKS_FOLDER = fileURLToPath(new URL('..', import.meta.url))
