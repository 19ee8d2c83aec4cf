import type { UriCaptures } from './entities.js'

/** Captures as Kong sends them: numbered ones as a map with the whole match at 0, as an array from 1 on over ProtoBuf:1, or empty. */
export interface SentCaptures {
  readonly unnamed?: Readonly<Record<string, unknown>> | readonly unknown[]
  readonly named?: Readonly<Record<string, unknown>> | readonly unknown[]
}

/** Brings captures into one shape, whatever carried them. */
export function uriCaptures(sent: SentCaptures | undefined): UriCaptures {
  const unnamed: (string | undefined)[] = []
  const { unnamed: numbered = [], named = [] } = sent ?? {}
  if (Array.isArray(numbered)) {
    if (numbered.length > 0) unnamed.push(undefined, ...numbered.map(capture))
  } else {
    for (const [number, value] of Object.entries(numbered)) unnamed[Number(number)] = capture(value)
  }
  const byName: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(named)) if (typeof value === 'string') byName[name] = value
  return { unnamed: Array.from(unnamed), named: byName }
}

function capture(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
