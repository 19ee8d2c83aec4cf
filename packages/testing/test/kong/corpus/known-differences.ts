const TABLE_ORDER = 'the order in which Lua walks a small table is chance; both recordings happened to agree on the other one'
const NOT_HTTP = 'what nginx passes on here is no HTTP response, which only a socket can show'

/** Cases of the corpus that the stand-in in memory answers differently, by id, with the reason. */
export const KNOWN_DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['exit.headers/access_array', TABLE_ORDER],
  ['exit.headers/rewrite_array', TABLE_ORDER],
  ['response.set/response_clear_name_X-Multi', TABLE_ORDER],
  ['service.request.headers/set_headers_simple', TABLE_ORDER],
  ['http2/connection_header_set', 'the client library refuses an HTTP/2 response with a Connection header; here there is no such client'],
  ['http2/facts', 'the size of a request compressed with HPACK depends on the connection'],
  ['outcome/base_upstream_early_100', NOT_HTTP],
  ['outcome/base_upstream_garbage', NOT_HTTP],
  ['outcome/buffered_upstream_garbage', NOT_HTTP],
  ['request.headers/expect', 'the interim response to Expect: 100-continue is sent below the request that memory has'],
])
