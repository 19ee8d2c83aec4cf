import { asciiLower, type LuaTable } from '@kong-ts/schema/lua'
import { encodeHeaderName, encodeHeaderValue, headerTable } from '../http/header-lines.js'
import type { HeaderList } from '../http/messages.js'

interface HeaderLine {
  name: string
  /** undefined reserves a place for a later value. */
  value: string | undefined
}

const CHARSET = 'UTF-8'
/** The types to which nginx's charset filter adds a charset. */
const CHARSET_TYPES = new Set(['text/html', 'text/xml', 'text/plain', 'text/vnd.wap.wml', 'application/javascript', 'application/rss+xml'])
/** nginx has a variable of its own for each of these headers. A new value replaces the spelling of the name too. */
const RENAMED = new Set([
  'server',
  'date',
  'content-encoding',
  'location',
  'refresh',
  'last-modified',
  'content-range',
  'accept-ranges',
  'www-authenticate',
  'expires',
  'etag',
  'content-length',
])
/** nginx keeps one line of each of these headers. Adding a value replaces the present one. */
const SINGLE = new Set(['content-length', 'content-type'])

/** The response's headers as nginx holds them while Lua changes them. nginx keeps `Content-Type` outside the list. */
class ResponseHeaders {
  #lines: HeaderLine[] = []
  #type: string | undefined
  readonly #cleared = new Set<string>()
  /** True when the charset filter added a charset. */
  #charsetAdded = false

  get contentType(): string | undefined {
    if (this.#type === undefined) return undefined
    return this.#charsetAdded ? `${this.#type}; charset=${CHARSET}` : this.#type
  }

  /** `ngx.header[name] = values`: the first line of the name keeps its place, its other lines go. Without values all lines go. */
  set(rawName: string, values: readonly string[]): void {
    const name = wireName(rawName)
    const lower = asciiLower(name)
    if (name === '') return
    if (values.length > 0) this.#cleared.delete(lower)
    else this.#cleared.add(lower)
    const [first, ...more] = values.map(encodeHeaderValue)
    if (lower === 'content-type') {
      this.setType(values.at(-1))
      return
    }
    const present = first === undefined ? undefined : this.#lines.find((line) => asciiLower(line.name) === lower)
    this.#lines = this.#lines.filter((line) => line === present || asciiLower(line.name) !== lower)
    if (first === undefined) return
    if (present && RENAMED.has(lower)) present.name = name
    if (present) present.value = SINGLE.has(lower) ? (more.at(-1) ?? first) : first
    else this.#lines.push({ name, value: SINGLE.has(lower) ? (more.at(-1) ?? first) : first })
    if (!SINGLE.has(lower)) for (const value of more) this.#lines.push({ name, value })
  }

  /** `ngx.resp.add_header`. */
  add(rawName: string, values: readonly string[]): void {
    const name = wireName(rawName)
    if (name === '') return
    if (SINGLE.has(asciiLower(name))) {
      if (values.length > 0) this.set(rawName, values)
      return
    }
    for (const value of values) this.#lines.push({ name, value: encodeHeaderValue(value) })
  }

  /** Removes a header that nginx then computes itself. @param lower its name in lower case. */
  forget(lower: string): void {
    this.#lines = this.#lines.filter(({ name }) => asciiLower(name) !== lower)
    this.#cleared.delete(lower)
  }

  /** Appends a line of the service's response without encoding it. */
  copy(name: string, value: string): void {
    this.#lines.push({ name, value })
  }

  /** Reserves a place in the list for a header that is set later. */
  reserve(name: string): void {
    if (!this.has(name)) this.#lines.push({ name, value: undefined })
  }

  /** Sets `Content-Type`; undefined removes it. */
  setType(value: string | undefined): void {
    this.#type = value === undefined ? undefined : encodeHeaderValue(value)
    this.#charsetAdded = false
  }

  /** True when Lua removed the header and did not set it again: nginx then does not compute it either. @param lower its name in lower case. */
  isCleared(lower: string): boolean {
    return this.#cleared.has(lower)
  }

  has(name: string): boolean {
    return this.values(name).length > 0
  }

  values(rawName: string): string[] {
    const lower = asciiLower(wireName(rawName))
    if (lower === 'content-type') return this.contentType === undefined ? [] : [this.contentType]
    return this.#filled()
      .filter(([key]) => asciiLower(key) === lower)
      .map(([, value]) => value)
  }

  /** Runs nginx's charset filter. Runs when the head is sent. Redirects keep their type. */
  addCharset(status: number): void {
    if (this.#type === undefined || status === 301 || status === 302) return
    if (CHARSET_TYPES.has(asciiLower(this.#type))) this.#charsetAdded = true
  }

  list(): HeaderList {
    return this.#filled()
  }

  #filled(): (readonly [string, string])[] {
    return this.#lines.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]))
  }

  /** `ngx.resp.get_headers`: first the type, then the headers that nginx computes, then the list. */
  table(limit: number, computed: HeaderList): LuaTable {
    const own: HeaderList = this.contentType === undefined ? [] : [['content-type', this.contentType]]
    return headerTable([...own, ...computed, ...this.list()], limit)
  }
}

/** nginx writes `-` for `_` in the names of response headers. */
function wireName(name: string): string {
  return encodeHeaderName(name.replaceAll('_', '-'))
}

/** The response while it is built. */
export class ResponseState {
  readonly headers = new ResponseHeaders()
  /** `ngx.status`. 0 before it is set. */
  status = 0
  /** The service's reason phrase. */
  reason: string | undefined
  body: Uint8Array = new Uint8Array()
  /** True when the body is still on the service's connection, from where the driver passes it on. */
  bodyFollows = false
  /** True when the service's answer is not HTTP: its bytes are sent without a head. */
  isBare = false
  /** True when each piece of the body is sent at once. Else nginx sends when a buffer is full. */
  flushes = false
  /** True when no header tells the length of the body, so that HTTP/1.1 sends it in chunks. */
  lengthUnknown = false
  /** The service's Content-Length, which nginx keeps outside the header list. */
  serviceLength: number | undefined
  /** False for an unbuffered answer of a service: nginx then adds no Date. */
  ownDate = true
  /** True when the service's connection ended before the end of its body. */
  truncated = false
  /** The status with which Kong's own code ended the request. For some statuses nginx closes the connection instead of responding. */
  exitCode: number | undefined
  /** True when nginx closes the connection after this response. */
  closes = false
  /** True when the head announced chunks. */
  isInChunks = false
  /** `$bytes_sent`. */
  bytesSent = 0
  /** True when the head was sent: headers and status cannot change any more. */
  sent = false
  /** Set when the client gets no byte: the connection is closed, or stays open without an answer. */
  silence: 'closed' | 'silent' | undefined
}
