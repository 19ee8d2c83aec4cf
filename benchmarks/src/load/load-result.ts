/** The load client's measurement of events. */
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

/** The load client's measurement of StartInstance and CloseInstance. */
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

/**
 * Reads an object of numbers that another program printed.
 *
 * @throws Error with the name of a missing member.
 */
export function readNumbers<const Name extends string>(value: unknown, names: readonly Name[]): Readonly<Record<Name, number>> {
  if (typeof value !== 'object' || value === null) throw new Error(`an object with ${names.join(', ')} was expected`)
  const numbers: Partial<Record<Name, number>> = {}
  for (const name of names) numbers[name] = numberAt(value, name)
  return numbers as Record<Name, number>
}

function numberAt(object: object, name: string): number {
  const member: unknown = Reflect.get(object, name)
  if (typeof member !== 'number') throw new Error(`no number ${name} in ${JSON.stringify(object)}`)
  return member
}
