/** Headers by lower-case name; every value is an array, in the order in which they came. */
export type HeaderMap = Readonly<Record<string, readonly string[]>>

/** Query arguments by name. `?a=1&a=2` is `['1', '2']`, `?a=` is `['']`, a bare `?a` is `[]`, and `?a&a=1` is `[true, '1']`. */
export type QueryMap = Readonly<Record<string, readonly (string | true)[]>>

/** What a header may be set to. Kong turns numbers and booleans into text; an empty array removes the header; `''` goes out as a space. */
export type HeaderValue = string | number | boolean | Uint8Array | readonly (string | Uint8Array)[]

/** Headers to set, by name in any case. */
export type Headers = Readonly<Record<string, HeaderValue | undefined>>

/** What a query argument may be set to: `true` is the bare argument, an array repeats it. */
export type QueryValue = string | number | boolean | readonly (string | number | boolean)[]

/**
 * The first value of a header, `undefined` when there is none. The name is found in any case, and with `_` for `-`, as Kong's own
 * `get_header` does.
 */
export function firstHeader(headers: HeaderMap, name: string): string | undefined {
  const key = name.toLowerCase()
  const found = Object.hasOwn(headers, key) ? key : key.replaceAll('_', '-')
  return Object.hasOwn(headers, found) ? headers[found]?.[0] : undefined
}

/** The first value of a query argument as `kong.request.getQueryArg` gives it: `true` for a bare one, `undefined` when there is none. */
export function firstQueryArg(query: QueryMap, name: string): string | true | undefined {
  if (!Object.hasOwn(query, name)) return undefined
  const values = query[name]
  return values === undefined || values.length === 0 ? true : values[0]
}

/** An empty Lua table arrives as an array, and nothing where Kong has none: a map is wanted. */
export function asMap<Map extends object>(answer: Map | readonly [] | undefined): Map {
  return answer === undefined || isEmptyArray(answer) ? Object.create(null) : answer
}

function isEmptyArray(answer: object): answer is readonly [] {
  return Array.isArray(answer) && answer.length === 0
}
