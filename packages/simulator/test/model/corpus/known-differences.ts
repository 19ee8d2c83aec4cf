import { isRecord } from './normalise.js'

/** Why the simulator's answer to a case of the corpus differs, and where. */
export interface KnownDifference {
  readonly where: 'memory' | 'memory and sockets'
  readonly reason: string
  /** True when only the order of header lines differs. */
  readonly onlyOrder?: true
}

const TABLE_ORDER: KnownDifference = {
  where: 'memory and sockets',
  reason: 'the order in which Lua visits a small table is random; both recordings happened to have the other order',
  onlyOrder: true,
}
const NOT_HTTP: KnownDifference = {
  where: 'memory and sockets',
  reason: 'nginx passes on bytes that are not an HTTP response, the simulator answers 502',
}

/** The cases of the corpus to which the simulator's answer differs, by id. */
export const KNOWN_DIFFERENCES: ReadonlyMap<string, KnownDifference> = new Map<string, KnownDifference>([
  ['exit.headers/access_array', TABLE_ORDER],
  ['exit.headers/rewrite_array', TABLE_ORDER],
  ['response.set/response_clear_name_X-Multi', TABLE_ORDER],
  ['service.request.headers/set_headers_simple', TABLE_ORDER],
  ['http2/facts', { where: 'memory and sockets', reason: 'the size of a request compressed with HPACK depends on the connection' }],
  [
    'http2/connection_header_set',
    {
      where: 'memory',
      reason: 'the client library refuses an HTTP/2 response with a Connection header; in memory there is no such client',
    },
  ],
  [
    'outcome/base_upstream_early_100',
    {
      where: 'memory and sockets',
      reason:
        'after an interim response nginx waits for the answer until the client leaves, the simulator takes the interim response as the answer',
    },
  ],
  ['outcome/base_upstream_garbage', NOT_HTTP],
  ['outcome/buffered_upstream_garbage', NOT_HTTP],
  [
    'request.headers/expect',
    { where: 'memory', reason: 'the interim response to Expect: 100-continue is sent by the connection, which does not exist in memory' },
  ],
])

/** Sorts every list of header lines. */
export function withoutOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutOrder)
    const isHeaders = items.every((item) => Array.isArray(item) && item.length === 2 && typeof item[0] === 'string')
    return isHeaders ? items.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)) : items
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutOrder(member)]))
}
