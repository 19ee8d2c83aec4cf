import { PerformanceObserver } from 'node:perf_hooks'

/**
 * Preloaded into a server (`node --expose-gc --import …`): tells its parent over the process channel how much is allocated.
 * `collect` collects all garbage, `begin` counts collections from then on, `read` tells both; each is answered with a reading.
 */
export interface HeapReading {
  readonly heap: number
  readonly buffers: number
  /** Since `begin`: beyond 0, the difference of two readings says nothing. */
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
