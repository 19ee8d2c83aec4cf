import { PerformanceObserver } from 'node:perf_hooks'

/**
 * A reading of this probe, which is loaded into a server with `node --expose-gc --import …`. Its parent sends `collect` to collect all garbage,
 * `begin` to count collections from then on, or `read`. Each is answered with a reading.
 */
export interface HeapReading {
  readonly heap: number
  readonly buffers: number
  /** Collections since `begin`. When there are any, the difference of two readings means nothing. */
  readonly collections: number
}

let collections = 0
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().length
})
observer.observe({ entryTypes: ['gc'] })

process.on('message', (request) => {
  if (request === 'collect') globalThis.gc?.()
  if (request === 'begin') collections = 0
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  process.send?.({ heap: heapUsed, buffers: arrayBuffers, collections } satisfies HeapReading)
})
