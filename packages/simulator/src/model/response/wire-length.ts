import type { ClientResponse } from '../http/messages.js'

/** Bytes a response takes on the wire of HTTP/1: status line, headers, and the body with its framing. */
export function wireLength(response: ClientResponse): number {
  if (response.kind !== 'response') return 0
  const { httpVersion, status, reason, headers, body, chunked } = response
  if (httpVersion === '0.9') return body.length
  const statusLine = `HTTP/${httpVersion} ${status} ${reason}`.trimEnd().length + 2
  const lines = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  return statusLine + lines + 2 + (chunked ? chunkedLength(body.length) : body.length)
}

/** A body sent as one chunk, with the chunk that ends it. */
function chunkedLength(length: number): number {
  return (length === 0 ? 0 : length.toString(16).length + 2 + length + 2) + 5
}
