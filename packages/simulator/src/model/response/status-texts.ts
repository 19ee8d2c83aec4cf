/** nginx's reason phrases. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [101, 'Switching Protocols'],
  [200, 'OK'],
  [201, 'Created'],
  [202, 'Accepted'],
  [204, 'No Content'],
  [206, 'Partial Content'],
  [301, 'Moved Permanently'],
  [302, 'Moved Temporarily'],
  [303, 'See Other'],
  [304, 'Not Modified'],
  [307, 'Temporary Redirect'],
  [308, 'Permanent Redirect'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [402, 'Payment Required'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Not Allowed'],
  [406, 'Not Acceptable'],
  [408, 'Request Time-out'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [411, 'Length Required'],
  [412, 'Precondition Failed'],
  [413, 'Request Entity Too Large'],
  [414, 'Request-URI Too Large'],
  [415, 'Unsupported Media Type'],
  [416, 'Requested Range Not Satisfiable'],
  [421, 'Misdirected Request'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [501, 'Not Implemented'],
  [502, 'Bad Gateway'],
  [503, 'Service Temporarily Unavailable'],
  [504, 'Gateway Time-out'],
  [505, 'HTTP Version Not Supported'],
  [507, 'Insufficient Storage'],
])

/** The reason phrase that nginx writes after a status; empty for a status without a phrase. */
export function reasonOf(status: number): string {
  return REASONS.get(status) ?? ''
}

/** Kong's messages for error statuses. */
const MESSAGES: ReadonlyMap<number, string> = new Map([
  [400, 'Bad request'],
  [401, 'Unauthorized'],
  [402, 'Payment required'],
  [403, 'Forbidden'],
  [404, 'Not found'],
  [405, 'Method not allowed'],
  [406, 'Not acceptable'],
  [407, 'Proxy authentication required'],
  [408, 'Request timeout'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [411, 'Length required'],
  [412, 'Precondition failed'],
  [413, 'Payload too large'],
  [414, 'URI too long'],
  [415, 'Unsupported media type'],
  [416, 'Range not satisfiable'],
  [417, 'Expectation failed'],
  [418, "I'm a teapot"],
  [421, 'Misdirected request'],
  [422, 'Unprocessable entity'],
  [423, 'Locked'],
  [424, 'Failed dependency'],
  [425, 'Too early'],
  [426, 'Upgrade required'],
  [428, 'Precondition required'],
  [429, 'Too many requests'],
  [431, 'Request header fields too large'],
  [451, 'Unavailable for legal reasons'],
  [494, 'Request header or cookie too large'],
  [500, 'An unexpected error occurred'],
  [501, 'Not implemented'],
  [502, 'An invalid response was received from the upstream server'],
  [503, 'The upstream server is currently unavailable'],
  [504, 'The upstream server is timing out'],
  [505, 'HTTP version not supported'],
  [506, 'Variant also negotiates'],
  [507, 'Insufficient storage'],
  [508, 'Loop detected'],
  [510, 'Not extended'],
  [511, 'Network authentication required'],
])

/** The message of `kong.response.error` when the caller gives none. */
export function errorMessage(status: number): string {
  return MESSAGES.get(status) ?? unnamedErrorMessage(status)
}

/** The message for a status that has none of its own. */
export function unnamedErrorMessage(status: number): string {
  return `The upstream server responded with ${status}`
}

/** nginx asks Kong for the error page of these statuses; for the others it makes the page itself. */
const KONG_PAGES = new Set([400, 404, 405, 408, 411, 412, 413, 414, 417, 494, 500, 502, 503, 504])

/** True when Kong makes the error page of this status. */
export function hasKongPage(status: number): boolean {
  return KONG_PAGES.has(status)
}

/** The message of Kong's error page. Only statuses that nginx asks for have a message of their own. */
export function errorPageMessage(status: number): string {
  return hasKongPage(status) ? errorMessage(status) : unnamedErrorMessage(status)
}

const GRPC_BY_HTTP_STATUS: ReadonlyMap<number, number> = new Map([
  [200, 0],
  [400, 3],
  [401, 16],
  [403, 7],
  [404, 5],
  [409, 6],
  [429, 8],
  [499, 1],
  [500, 13],
  [501, 12],
  [503, 14],
  [504, 4],
])

const GRPC_NAMES = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
]

/** The gRPC status that Kong answers for an HTTP status. A status without an entry gets the one of its class, else 2. */
export function grpcStatus(httpStatus: number): number {
  const own = GRPC_BY_HTTP_STATUS.get(httpStatus)
  if (own !== undefined) return own
  if (httpStatus >= 500 && httpStatus <= 599) return 13
  if (httpStatus >= 400 && httpStatus <= 499) return 3
  return httpStatus >= 200 && httpStatus <= 299 ? 0 : 2
}

/** The name of a gRPC status. */
export function grpcMessage(status: number): string {
  return GRPC_NAMES[status] ?? 'Unknown'
}
