import type { TextElement } from './scalar-element.js'

/** Kong's names of protocols. */
const PROTOCOLS = ['grpc', 'grpcs', 'http', 'https', 'tcp', 'tls', 'tls_passthrough', 'udp'] as const

const HTTP_METHOD = { type: 'string', match: '^%u+$' } as const satisfies TextElement

/**
 * Fields that plugins ask for again and again, as options of `@Field`: `@Field({ ...fields.port }) port = 8080`.
 *
 * Kong's own shortcuts for hosts, URLs, addresses, header names, certificates and keys are Lua functions, which the schema of a plugin
 * server cannot have.
 */
export const fields = Object.freeze({
  /** A TCP or UDP port, 0 to 65535. */
  port: { type: 'integer', between: [0, 65535] },
  /** Milliseconds, 0 to 2147483646, as Kong's own timeouts. */
  timeout: { type: 'integer', between: [0, 2147483646] },
  /** An HTTP method in upper-case letters. */
  httpMethod: HTTP_METHOD,
  /** A list or set of HTTP methods. */
  httpMethods: { elements: HTTP_METHOD },
  /** A list or set of protocols as Kong names them. */
  protocols: { elements: { type: 'string', oneOf: PROTOCOLS } },
  /** An HTTP status, 100 to 599. */
  statusCode: { type: 'integer', between: [100, 599] },
  /** A UUID, in any case and of any version. */
  uuid: { type: 'string', uuid: true },
  /** A regular expression (PCRE) that compiles. */
  regex: { type: 'string', isRegex: true },
  /** A point in time: a whole number greater than 0. */
  timestamp: { type: 'integer', timestamp: true },
  /** Text that may be a reference to a vault, is stored encrypted where Kong can, and is never printed. */
  secret: { type: 'string', referenceable: true, encrypted: true },
} as const)
