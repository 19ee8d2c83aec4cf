import { readNumbers } from './json-numbers.js'

/** What the load client measured while events ran. */
export interface LoadResult {
  readonly events: number
  readonly seconds: number
  readonly eventsPerSecond: number
  readonly pdkCallsPerSecond: number
  /** Microseconds of the server's CPU for one event. */
  readonly serverCpu: number
  /** Microseconds from an event's first byte to its end. */
  readonly latency: Readonly<Record<'mean' | 'p50' | 'p90' | 'p99' | 'p999' | 'max', number>>
  /** Shares of a core that server and load client used. */
  readonly serverShare: number
  readonly clientShare: number
  /** KiB of the server's resident memory. */
  readonly memoryBefore: number
  readonly memoryAfter: number
  readonly memoryPeak: number
}

/** What the load client measured while instances were started and closed. */
export interface PairsResult {
  readonly pairs: number
  readonly pairsPerSecond: number
  /** Microseconds of the server's CPU for one StartInstance and CloseInstance. */
  readonly serverCpu: number
  readonly memoryBefore: number
  readonly memoryAfter: number
}

export function parseLoadResult(text: string): LoadResult {
  const value: unknown = JSON.parse(text)
  const numbers = readNumbers(value, [
    'events',
    'seconds',
    'eventsPerSecond',
    'pdkCallsPerSecond',
    'serverCpu',
    'serverShare',
    'clientShare',
    'memoryBefore',
    'memoryAfter',
    'memoryPeak',
  ])
  const latency: unknown = typeof value === 'object' && value !== null && 'latency' in value ? value.latency : undefined
  return { ...numbers, latency: readNumbers(latency, ['mean', 'p50', 'p90', 'p99', 'p999', 'max']) }
}

export function parsePairsResult(text: string): PairsResult {
  return readNumbers(JSON.parse(text), ['pairs', 'pairsPerSecond', 'serverCpu', 'memoryBefore', 'memoryAfter'])
}
