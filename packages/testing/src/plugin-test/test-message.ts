import type { HeaderList } from '@kong-ts/simulator'

/** A request or response of a test's result. */
export class TestMessage {
  constructor(
    /** All lines in wire order, values as bytes (latin1). */
    readonly headerLines: HeaderList,
    readonly body: Uint8Array,
  ) {}

  /** Values by lower-case name. */
  get headers(): Readonly<Record<string, readonly string[]>> {
    const headers = new Map<string, string[]>()
    for (const [name, value] of this.headerLines) {
      const key = name.toLowerCase()
      headers.set(key, [...(headers.get(key) ?? []), text(value)])
    }
    // Every name is an own key, `__proto__` too.
    return Object.fromEntries(headers)
  }

  /** The first value of a header, name in any case; undefined when there is none. */
  header(name: string): string | undefined {
    const line = this.headerLines.find(([key]) => key.toLowerCase() === name.toLowerCase())
    return line === undefined ? undefined : text(line[1])
  }

  /** The body as UTF-8 text. */
  get text(): string {
    return Buffer.from(this.body).toString('utf8')
  }

  /** The body as JSON. @throws SyntaxError when it is none. */
  json(): unknown {
    return JSON.parse(this.text)
  }
}

function text(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8')
}

/** What the client got. */
export class TestResponse extends TestMessage {
  constructor(
    readonly status: number,
    readonly reason: string,
    headerLines: HeaderList,
    body: Uint8Array,
  ) {
    super(headerLines, body)
  }
}

/** What a service got, wherever it runs. */
export class ServiceMessage extends TestMessage {
  constructor(
    readonly method: string,
    /** Path and query. */
    readonly target: string,
    headerLines: HeaderList,
    body: Uint8Array,
  ) {
    super(headerLines, body)
  }

  get path(): string {
    return this.target.split('?', 1)[0] ?? ''
  }

  /** The query without `?`, empty when there is none. */
  get query(): string {
    const at = this.target.indexOf('?')
    return at < 0 ? '' : this.target.slice(at + 1)
  }
}

/** What the service got in memory, with the address that Kong sent it to. */
export class TestServiceRequest extends ServiceMessage {
  constructor(
    method: string,
    readonly scheme: 'http' | 'https',
    readonly host: string,
    readonly port: number,
    target: string,
    headerLines: HeaderList,
    body: Uint8Array,
  ) {
    super(method, target, headerLines, body)
  }
}
