/** Headers by lower-case name. Every value is an array, in the order in which the header lines came. */
export type HeaderMap = Readonly<Record<string, readonly string[]>>

/** Query arguments by name. `?a=1&a=2` is `['1', '2']`, `?a=` is `['']`, a bare `?a` is `[]`, and `?a&a=1` is `[true, '1']`. */
export type QueryMap = Readonly<Record<string, readonly (string | true)[]>>

/**
 * What a header may be set to. Kong turns numbers and booleans into text and sends `''` as a single space. An empty array removes the
 * header in Kong.
 */
export type HeaderValue = string | number | boolean | Uint8Array | readonly (string | Uint8Array)[]

/**
 * Headers to set, by name in any case; `undefined` leaves a header as it is.
 *
 * It is a plain object and not the `Headers` class of `fetch`, which has the same name: of that one pass `Object.fromEntries(headers)`. In
 * a file that uses both, import this type as `import type { Headers as KongHeaders } from '@kong-ts/core'`.
 */
export type Headers = Readonly<Record<string, HeaderValue | undefined>>

/** What a query argument may be set to: `true` is the bare argument, an array repeats it. */
export type QueryValue = string | number | boolean | readonly (string | number | boolean)[]

/**
 * Gives the first value of a header, `undefined` when there is none. Finds the name in any case, and with `-` where it has `_`, as
 * `kong.request.getHeader` does.
 */
export function firstHeader(headers: HeaderMap, name: string): string | undefined {
  const key = name.toLowerCase()
  const found = Object.hasOwn(headers, key) ? key : key.replaceAll('_', '-')
  return Object.hasOwn(headers, found) ? headers[found]?.[0] : undefined
}

/**
 * Gives the first value of a query argument as `kong.request.getQueryArg` does: `true` for a bare argument, `undefined` when there is none.
 */
export function firstQueryArg(query: QueryMap, name: string): string | true | undefined {
  if (!Object.hasOwn(query, name)) return undefined
  const values = query[name]
  return values === undefined || values.length === 0 ? true : values[0]
}

/** Gives an empty map for an empty Lua table, which arrives as an empty array, and for nil. */
export function asMap<Map extends object>(answer: Map | readonly [] | undefined): Map {
  return answer === undefined || isEmptyArray(answer) ? Object.create(null) : answer
}

function isEmptyArray(answer: object): answer is readonly [] {
  return Array.isArray(answer) && answer.length === 0
}

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
