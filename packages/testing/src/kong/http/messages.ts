/** Headers in wire order and case; one character of a value is one byte (latin1). */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** An address of one end of a connection. */
export interface SocketAddress {
  readonly ip: string
  readonly port: number
}

/** What is known of a TLS connection. */
export interface TlsConnection {
  readonly serverName?: string
  /** As OpenSSL says it, `TLSv1.3`. */
  readonly version: string
  readonly cipher: string
}

/** A client's request as it came off the wire (HTTP/2 pseudo headers already turned into method, target and `host`). */
export interface ClientRequest {
  readonly method: string
  /** As in the request line, query included. */
  readonly target: string
  readonly httpVersion: '1.0' | '1.1' | '2'
  readonly headers: HeaderList
  /** The body with chunked framing removed. */
  readonly body: Uint8Array
  /** False when the client stopped before the announced end of the body; default true. */
  readonly bodyComplete?: boolean
  /**
   * How much of the body came in one read with the head; the rest came later. Default: all of it.
   * Decides whether nginx spills a body that is a little larger than its buffer.
   */
  readonly bodyBytesWithHead?: number
  readonly tls?: TlsConnection
  readonly peer: SocketAddress
  readonly local: SocketAddress
}

/** The request Kong sends to the service, complete with the target it goes to. */
export interface ServiceRequest {
  readonly scheme: 'http' | 'https'
  /** Where to connect: an address, or a name that the driver resolves. */
  readonly host: string
  readonly port: number
  readonly method: string
  readonly target: string
  readonly httpVersion: '1.1'
  readonly headers: HeaderList
  readonly body: Uint8Array
  /** True when the body is sent with `Transfer-Encoding: chunked` (the header is in `headers`). */
  readonly chunked: boolean
  /** Name for SNI and certificate checks when scheme is https. */
  readonly tlsServerName: string
  /** Whether the service's certificate is verified; undefined leaves it to the node's configuration. */
  readonly verifiesTls: boolean | undefined
  /** False when the client did not send the whole body: the service then waits for the rest. */
  readonly complete: boolean
  /** Milliseconds. */
  readonly timeouts: { readonly connect: number; readonly write: number; readonly read: number }
}

/** What a service answered. */
export interface ServiceResponse {
  readonly httpVersion?: '1.0' | '1.1'
  readonly status: number
  readonly reason?: string
  /** As received, framing headers included. */
  readonly headers: HeaderList
  /** With chunked framing removed. */
  readonly body: Uint8Array
  /** True when the connection ended before the announced end of the body. */
  readonly truncated?: boolean
  /** The address that answered, when `host` of the request was a name. */
  readonly address?: string
}

/**
 * Why there is no service response.
 * `dns`: the name does not resolve. `refused`: no connection. `connect-timeout`, `read-timeout`: as the words say.
 * `closed`: the service closed without an answer. `client-closed`: the client left before there was one. `invalid`: what it sent is not HTTP.
 */
export interface ServiceFailure {
  /** The address tried, when `host` of the request was a name. */
  readonly address?: string
  readonly failure: 'dns' | 'refused' | 'connect-timeout' | 'read-timeout' | 'closed' | 'client-closed' | 'invalid'
}

/** What the client gets. */
export type ClientResponse =
  | {
      readonly kind: 'response'
      readonly httpVersion: '1.0' | '1.1' | '2'
      readonly status: number
      readonly reason: string
      /** In wire order, `Connection`, `Date`, `Content-Length` and `Transfer-Encoding` included. */
      readonly headers: HeaderList
      /** The bytes after the head, without chunked framing; empty for HEAD, 204 and 304. May be shorter or longer than Content-Length says. */
      readonly body: Uint8Array
      /** True when the body is framed with `Transfer-Encoding: chunked`. */
      readonly chunked: boolean
      /** True when Kong closes the connection after the response. */
      readonly closes: boolean
      /** True when the service broke off: the connection ends before the body does. */
      readonly truncated: boolean
    }
  /** The connection is closed without one byte. */
  | { readonly kind: 'closed' }
  /** Nothing is sent and the connection stays open until the client gives up. */
  | { readonly kind: 'silent' }
