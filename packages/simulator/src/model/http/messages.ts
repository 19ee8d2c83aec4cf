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
  /** True when the body is still to be read: `body` is empty, and the transaction says when it is needed. Default false. */
  readonly bodyFollows?: boolean
  /** False when the client stopped before the announced end of the body; default true. */
  readonly bodyComplete?: boolean
  /**
   * How much of the body came in one read with the head; the rest came later. Default: all of it.
   * Decides whether nginx spills a body that is a little larger than its buffer.
   */
  readonly bodyBytesWithHead?: number
  /** Why the head stops before its end; left out for a whole one. */
  readonly headEnd?: 'ended' | 'timeout'
  readonly tls?: TlsConnection
  readonly peer: SocketAddress
  readonly local: SocketAddress
}

/** Why a client's body stops: it left (`ended`), fell silent (`timeout`), sent no chunks (`malformed`), or more than can be held. */
export type BodyFault = 'ended' | 'timeout' | 'malformed' | 'too-large'

/** A client's body that was read after the request began, as far as it came. */
export interface ArrivedBody {
  /** Chunked framing removed. */
  readonly bytes: Uint8Array
  /** Bytes it took on the wire, framing included. */
  readonly wireBytes: number
  readonly end: 'complete' | BodyFault
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
  /** True when the client's body is passed on while it comes (`request_buffering: false`); `body` is empty then. */
  readonly passesBody: boolean
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
  /** `0.9`: it is no HTTP, and all of it is the body. */
  readonly httpVersion?: '0.9' | '1.0' | '1.1'
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

/** The head of a service's answer whose body the driver holds ready to be passed on. */
export type ServiceHead = Omit<ServiceResponse, 'body' | 'truncated'>

/**
 * Why there is no service response.
 * `dns`: the name does not resolve. `refused`: no connection. `connect-timeout`, `read-timeout`: as the words say.
 * `closed`: the service closed without an answer. `client-closed`: the client left before there was one. `invalid`: its head is malformed.
 */
export interface ServiceFailure {
  /** The address tried, when `host` of the request was a name. */
  readonly address?: string
  readonly failure: 'dns' | 'refused' | 'connect-timeout' | 'read-timeout' | 'closed' | 'client-closed' | 'invalid'
}

/** There is no answer because the client's body, which was being passed on, did not come to its end. */
export interface UnfinishedBody {
  readonly address?: string
  readonly bodyFault: BodyFault
}

/** What the client gets. */
export type ClientResponse =
  | {
      readonly kind: 'response'
      /** `0.9`: the body alone is sent, without a head. */
      readonly httpVersion: '0.9' | '1.0' | '1.1' | '2'
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

/** The head of a response whose body is passed on from the service. */
export type ResponseHead = Omit<Extract<ClientResponse, { readonly kind: 'response' }>, 'body' | 'truncated'>

/** What became of a body that was passed on, or of a connection that was turned into a tunnel. */
export interface PassedBody {
  /** Bytes the client was sent, head and framing included. */
  readonly bytesSent: number
  /** `client-gone`: it went away first. The others say what the service did before the end of the body. */
  readonly end: 'complete' | 'client-gone' | 'service-closed' | 'service-timeout' | 'service-malformed'
}
