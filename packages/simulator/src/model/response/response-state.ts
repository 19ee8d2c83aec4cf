import { ResponseHeaders } from './response-headers.js'

/** The response as it is being built. */
export class ResponseState {
  readonly headers = new ResponseHeaders()
  /** `ngx.status`; 0 until something sets it. */
  status = 0
  /** Reason phrase passed through from the service. */
  reason: string | undefined
  body: Uint8Array = new Uint8Array()
  /** The body is still on the service's connection, to be passed on while it comes. */
  bodyFollows = false
  /** The service sent no HTTP: its bytes go on without a head. */
  isBare = false
  /** Pieces of it are sent at once; else nginx waits until one of its buffers is full. */
  flushes = false
  /** True when the body has a length nobody told in a header, so HTTP/1.1 sends it in chunks. */
  lengthUnknown = false
  /** Content-Length of the service when it travels outside the header list. */
  serviceLength: number | undefined
  /** False for what a service answered unbuffered: nginx then adds no Date of its own. */
  ownDate = true
  /** The service's connection ended before the end of its body. */
  truncated = false
  /** The status Kong's own code left the request with; some of them drop the connection whatever was to be sent. */
  exitCode: number | undefined
  /** nginx closes the connection after this response. */
  closes = false
  /** The head said that the body comes in chunks. */
  isInChunks = false
  /** `$bytes_sent`. */
  bytesSent = 0
  /** The head has gone out: headers and status cannot change any more. */
  sent = false
  /** The client gets no byte: connection closed, or left hanging. */
  silence: 'closed' | 'silent' | undefined
}
