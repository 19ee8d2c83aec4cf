import type { TextElement } from './value-options.js'

const PROTOCOLS = ['grpc', 'grpcs', 'http', 'https', 'tcp', 'tls', 'tls_passthrough', 'udp'] as const

const HTTP_METHOD = { type: 'string', match: '^%u+$' } as const satisfies TextElement

/**
 * Types of fields that many plugins have, after Kong's own `typedefs`: `@Field({ ...typedefs.port }) port = 8080`.
 *
 * Kong's typedefs for hosts, URLs, addresses, header names, certificates and keys are missing: they are Lua functions, which the schema of
 * a plugin server cannot contain.
 */
export const typedefs = Object.freeze({
  /** A TCP or UDP port, 0 to 65535. */
  port: { type: 'integer', between: [0, 65535] },
  /** Milliseconds, 0 to 2147483646, as in Kong's own timeouts. */
  timeout: { type: 'integer', between: [0, 2147483646] },
  /** An HTTP method in upper-case letters. */
  httpMethod: HTTP_METHOD,
  /** A list or set of HTTP methods. */
  httpMethods: { elements: HTTP_METHOD },
  /** A list or set of protocols, as Kong names them. */
  protocols: { elements: { type: 'string', oneOf: PROTOCOLS } },
  /** An HTTP status, 100 to 599. */
  statusCode: { type: 'integer', between: [100, 599] },
  /** A UUID of any version, in upper or lower case. */
  uuid: { type: 'string', uuid: true },
  /** A regular expression (PCRE) that compiles. */
  regex: { type: 'string', isRegex: true },
  /** A point in time: a whole number greater than 0. */
  timestamp: { type: 'integer', timestamp: true },
  /** Text that may be a reference to a vault, that Kong Enterprise stores encrypted, and that is never printed. */
  secret: { type: 'string', referenceable: true, encrypted: true },
} as const)
