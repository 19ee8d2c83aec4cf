/** Headers in wire order and case; one character of a value is one byte (latin1). */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** An address of one end of a connection. */
export interface SocketAddress {
  readonly ip: string
  readonly port: number
}

/** The facts about a TLS connection that Kong shows to plugins. */
export interface TlsConnection {
  readonly serverName?: string
  /** In OpenSSL's words: `TLSv1.3`. */
  readonly version: string
  readonly cipher: string
}

/** A client's request as read from the connection. The pseudo headers of HTTP/2 are turned into method, target and `host`. */
export interface ClientRequest {
  readonly method: string
  /** The target of the request line, with its query. */
  readonly target: string
  readonly httpVersion: '1.0' | '1.1' | '2'
  readonly headers: HeaderList
  /** Without chunked framing. */
  readonly body: Uint8Array
  /** True when the body is still on the connection: `body` is empty, and the transaction tells when to read it. Default false. */
  readonly bodyFollows?: boolean
  /** False when the client stopped before the announced end of the body. Default true. */
  readonly bodyComplete?: boolean
  /**
   * How many bytes of the body came in one read with the head. Default: all of them. This number decides whether nginx writes a body that
   * is a little larger than its buffer to a file.
   */
  readonly bodyBytesWithHead?: number
  /** Why the head stops before its end. Absent for a complete head. */
  readonly headEnd?: 'ended' | 'timeout'
  readonly tls?: TlsConnection
  readonly peer: SocketAddress
  readonly local: SocketAddress
}

/**
 * Why a client's body does not come to its end. `ended`: the client left. `timeout`: it sent nothing for too long. `malformed`: its bytes
 * are not chunks. `too-large`: it sent more than `client_max_body_size`.
 */
export type BodyFault = 'ended' | 'timeout' | 'malformed' | 'too-large'

/** A client's body that was read after the request began, complete or not. */
export interface ArrivedBody {
  /** Without chunked framing. */
  readonly bytes: Uint8Array
  /** Bytes on the wire, framing included. */
  readonly wireBytes: number
  readonly end: 'complete' | BodyFault
}

/** The request that Kong sends to the service, with the address it goes to. */
export interface ServiceRequest {
  readonly scheme: 'http' | 'https'
  /** The address to connect to, or a name that the driver resolves. */
  readonly host: string
  readonly port: number
  readonly method: string
  readonly target: string
  readonly httpVersion: '1.1'
  readonly headers: HeaderList
  readonly body: Uint8Array
  /** True when the driver passes the client's body on while it arrives (`request_buffering: false`). `body` is empty then. */
  readonly passesBody: boolean
  /** True when the body is sent with `Transfer-Encoding: chunked` (the header is in `headers`). */
  readonly chunked: boolean
  /** The name for SNI and for the check of the certificate, when scheme is https. */
  readonly tlsServerName: string
  /** Whether the service's certificate is verified. undefined: as the node's configuration says. */
  readonly verifiesTls: boolean | undefined
  /** False when the client did not send the whole body. The service then waits for the rest. */
  readonly complete: boolean
  /** Milliseconds. */
  readonly timeouts: { readonly connect: number; readonly write: number; readonly read: number }
}

/** The answer of a service. */
export interface ServiceResponse {
  /** `0.9`: the answer is not HTTP, and all its bytes are the body. */
  readonly httpVersion?: '0.9' | '1.0' | '1.1'
  readonly status: number
  readonly reason?: string
  /** In the order received, framing headers included. */
  readonly headers: HeaderList
  /** Without chunked framing. */
  readonly body: Uint8Array
  /** True when the connection ended before the announced end of the body. */
  readonly truncated?: boolean
  /** The address that answered. Present when `host` of the request was a name. */
  readonly address?: string
}

/** The head of a service's answer. The driver leaves the body on the connection, to pass it on. */
export type ServiceHead = Omit<ServiceResponse, 'body' | 'truncated'>

/**
 * Why a service did not answer. `dns`: the name does not resolve. `refused`: no connection. `connect-timeout`: no connection in time.
 * `read-timeout`: no answer in time. `closed`: the service closed the connection without an answer. `client-closed`: the client left
 * before there was an answer. `invalid`: the head of the answer is malformed.
 */
export interface ServiceFailure {
  /** The address tried. Present when `host` of the request was a name. */
  readonly address?: string
  readonly failure: 'dns' | 'refused' | 'connect-timeout' | 'read-timeout' | 'closed' | 'client-closed' | 'invalid'
}

/** There is no answer, because the client's body stopped while it was passed on. */
export interface UnfinishedBody {
  readonly address?: string
  readonly bodyFault: BodyFault
}

/** The response to the client. */
export type ClientResponse =
  | {
      readonly kind: 'response'
      /** `0.9`: the body is sent without a head. */
      readonly httpVersion: '0.9' | '1.0' | '1.1' | '2'
      readonly status: number
      readonly reason: string
      /** In wire order, `Connection`, `Date`, `Content-Length` and `Transfer-Encoding` included. */
      readonly headers: HeaderList
      /** The bytes after the head, without chunked framing. Empty for HEAD, 204 and 304. Its length may differ from Content-Length. */
      readonly body: Uint8Array
      /** True when the body is framed with `Transfer-Encoding: chunked`. */
      readonly chunked: boolean
      /** True when Kong closes the connection after the response. */
      readonly closes: boolean
      /** True when the service stopped before the end of its body: the client's connection ends there too. */
      readonly truncated: boolean
    }
  /** The connection is closed, and nothing is sent. */
  | { readonly kind: 'closed' }
  /** Nothing is sent and the connection stays open until the client gives up. */
  | { readonly kind: 'silent' }

/** The head of a response whose body is passed on from the service. */
export type ResponseHead = Omit<Extract<ClientResponse, { readonly kind: 'response' }>, 'body' | 'truncated'>

/** How the driver finished passing a body on, or carrying the bytes of a tunnel. */
export interface PassedBody {
  /** Bytes sent to the client, head and framing included. */
  readonly bytesSent: number
  /** `client-gone`: the client left first. The others tell what the service did before the end of the body. */
  readonly end: 'complete' | 'client-gone' | 'service-closed' | 'service-timeout' | 'service-malformed'
}
