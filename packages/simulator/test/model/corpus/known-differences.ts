import { isRecord } from './normalise.js'

/** Why, and where, the stand-in answers a case of the corpus differently. */
export interface KnownDifference {
  readonly where: 'memory' | 'memory and sockets'
  readonly reason: string
  /** Nothing but the order of header lines differs. */
  readonly onlyOrder?: true
}

const TABLE_ORDER: KnownDifference = {
  where: 'memory and sockets',
  reason: 'the order in which Lua walks a small table is chance; both recordings happened to agree on the other one',
  onlyOrder: true,
}
const NOT_HTTP: KnownDifference = {
  where: 'memory and sockets',
  reason: 'nginx passes on what is no HTTP response, the stand-in answers 502',
}

/** Cases of the corpus that the stand-in answers differently, by id. */
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
      reason: 'nginx waits for the answer after an interim response until the client leaves, the stand-in takes it as the answer',
    },
  ],
  ['outcome/base_upstream_garbage', NOT_HTTP],
  ['outcome/buffered_upstream_garbage', NOT_HTTP],
  [
    'request.headers/expect',
    { where: 'memory', reason: 'the interim response to Expect: 100-continue is sent below the request that memory has' },
  ],
])

/** The same with every list of header lines sorted. */
export function withoutOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutOrder)
    const isHeaders = items.every((item) => Array.isArray(item) && item.length === 2 && typeof item[0] === 'string')
    return isHeaders ? items.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)) : items
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutOrder(member)]))
}
