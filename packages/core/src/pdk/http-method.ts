/** The methods `kong.service.request.set_method` knows; others, and lower case, make Kong raise. */
export const HTTP_METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'POST',
  'DELETE',
  'OPTIONS',
  'MKCOL',
  'COPY',
  'MOVE',
  'PROPFIND',
  'PROPPATCH',
  'LOCK',
  'UNLOCK',
  'PATCH',
  'TRACE',
] as const

/** A method for the request to the service. */
export type HttpMethod = (typeof HTTP_METHODS)[number]
