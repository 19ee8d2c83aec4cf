import type { HeaderList, ServiceRequest } from '@kong-ts/simulator'

/** A request or response of a test's result. */
export class TestMessage {
  /** All lines in the order in which they were sent, with one character for each byte of a value. */
  readonly headerLines: HeaderList
  readonly body: Uint8Array

  constructor(headerLines: HeaderList, body: Uint8Array) {
    this.headerLines = headerLines
    this.body = body
  }

  /** Values by lower-case name. */
  get headers(): Readonly<Record<string, readonly string[]>> {
    const headers = new Map<string, string[]>()
    for (const [name, value] of this.headerLines) {
      const key = name.toLowerCase()
      headers.set(key, [...(headers.get(key) ?? []), text(value)])
    }
    // An object of entries, not assignments: `__proto__` is a name like others.
    return Object.fromEntries(headers)
  }

  /** The first value of a header; undefined when there is none. The name may be in any case. */
  header(name: string): string | undefined {
    const line = this.headerLines.find(([key]) => key.toLowerCase() === name.toLowerCase())
    return line === undefined ? undefined : text(line[1])
  }

  /** The body as UTF-8 text. */
  get text(): string {
    return Buffer.from(this.body).toString('utf8')
  }

  /**
   * The body as JSON.
   *
   * @throws SyntaxError when the body is not JSON.
   */
  json(): unknown {
    return JSON.parse(this.text)
  }
}

function text(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8')
}

/** The response that the client got. */
export class TestResponse extends TestMessage {
  readonly status: number
  readonly reason: string

  constructor(status: number, reason: string, headerLines: HeaderList, body: Uint8Array) {
    super(headerLines, body)
    this.status = status
    this.reason = reason
  }
}

/** A request that the service got. */
export class ServiceMessage extends TestMessage {
  readonly method: string
  /** Path and query. */
  readonly target: string

  constructor(method: string, target: string, headerLines: HeaderList, body: Uint8Array) {
    super(headerLines, body)
    this.method = method
    this.target = target
  }

  get path(): string {
    return this.target.split('?', 1)[0] ?? ''
  }

  /** The query without `?`; empty when there is none. */
  get query(): string {
    const at = this.target.indexOf('?')
    return at < 0 ? '' : this.target.slice(at + 1)
  }
}

/** A request that the service got in memory, with the address to which Kong sent it. */
export class TestServiceRequest extends ServiceMessage {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number

  constructor({ method, scheme, host, port, target, headers, body }: ServiceRequest) {
    super(method, target, headers, body)
    this.scheme = scheme
    this.host = host
    this.port = port
  }
}
