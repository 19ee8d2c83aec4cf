const BY_HTTP_STATUS: ReadonlyMap<number, number> = new Map([
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
const NAMES = [
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

/** The gRPC status Kong answers for an HTTP status: its own, else that of the class, else 2. */
export function grpcStatus(httpStatus: number): number {
  const own = BY_HTTP_STATUS.get(httpStatus)
  if (own !== undefined) return own
  if (httpStatus >= 500 && httpStatus <= 599) return 13
  if (httpStatus >= 400 && httpStatus <= 499) return 3
  return httpStatus >= 200 && httpStatus <= 299 ? 0 : 2
}

/** The name of a gRPC status. */
export function grpcMessage(status: number): string {
  return NAMES[status] ?? 'Unknown'
}
