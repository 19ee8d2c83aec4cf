/** What the regular expression in the path of a route captured. */
export interface UriCaptures {
  /**
   * The captures by number: index 0 is the whole match (`undefined` over ProtoBuf:1), 1 the first group. Groups that did not take part in
   * the match are `undefined`.
   */
  readonly unnamed: readonly (string | undefined)[]
  /** The captures of named groups. */
  readonly named: Readonly<Record<string, string>>
}

/**
 * Captures as Kong sends them. Numbered ones are a map with the whole match at 0 over MsgPack:1, and an array that begins with the first
 * group over ProtoBuf:1. Empty tables are arrays.
 */
export interface SentCaptures {
  readonly unnamed?: Readonly<Record<string, unknown>> | readonly unknown[]
  readonly named?: Readonly<Record<string, unknown>> | readonly unknown[]
}

/** Gives captures the same form for both protocols. */
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
