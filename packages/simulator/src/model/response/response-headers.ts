import { asciiLower, type LuaTable } from '@kong-ts/schema/lua'
import type { HeaderList } from '../http/messages.js'
import { encodeHeaderName, encodeHeaderValue } from '../http/header-text.js'
import { headerTable } from '../request/request-headers.js'

interface HeaderLine {
  name: string
  /** undefined: a place kept for a value to come. */
  value: string | undefined
}

const CHARSET = 'UTF-8'
/** Types nginx's charset filter names a charset for. */
const CHARSET_TYPES = new Set(['text/html', 'text/xml', 'text/plain', 'text/vnd.wap.wml', 'application/javascript', 'application/rss+xml'])
/** Headers nginx has a place of its own for: a new value brings its spelling along. */
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
/** Headers nginx keeps one of: adding replaces. */
const SINGLE = new Set(['content-length', 'content-type'])

/** The response's headers as nginx holds them while Lua changes them; `Content-Type` is kept apart from the list. */
export class ResponseHeaders {
  private lines: HeaderLine[] = []
  private type: string | undefined
  private readonly cleared = new Set<string>()
  /** True when the charset filter has seen the response. */
  private charsetAdded = false

  get contentType(): string | undefined {
    if (this.type === undefined) return undefined
    return this.charsetAdded ? `${this.type}; charset=${CHARSET}` : this.type
  }

  /** `ngx.header[name] = values`: the first line keeps its place, others of the name go; no values removes. */
  set(rawName: string, values: readonly string[]): void {
    const name = wireName(rawName)
    const lower = asciiLower(name)
    if (name === '') return
    if (values.length > 0) this.cleared.delete(lower)
    else this.cleared.add(lower)
    const [first, ...more] = values.map(encodeHeaderValue)
    if (lower === 'content-type') {
      this.setType(values.at(-1))
      return
    }
    const present = first === undefined ? undefined : this.lines.find((line) => asciiLower(line.name) === lower)
    this.lines = this.lines.filter((line) => line === present || asciiLower(line.name) !== lower)
    if (first === undefined) return
    if (present && RENAMED.has(lower)) present.name = name
    if (present) present.value = SINGLE.has(lower) ? (more.at(-1) ?? first) : first
    else this.lines.push({ name, value: SINGLE.has(lower) ? (more.at(-1) ?? first) : first })
    if (!SINGLE.has(lower)) for (const value of more) this.lines.push({ name, value })
  }

  /** `ngx.resp.add_header`. */
  add(rawName: string, values: readonly string[]): void {
    const name = wireName(rawName)
    if (name === '') return
    if (SINGLE.has(asciiLower(name))) {
      if (values.length > 0) this.set(rawName, values)
      return
    }
    for (const value of values) this.lines.push({ name, value: encodeHeaderValue(value) })
  }

  /** Takes a header away for nginx to make up anew. */
  forget(lower: string): void {
    this.lines = this.lines.filter(({ name }) => asciiLower(name) !== lower)
    this.cleared.delete(lower)
  }

  /** A line of the service's response, taken over as it is. */
  copy(name: string, value: string): void {
    this.lines.push({ name, value })
  }

  /** Keeps a place in the list for a header that is not there yet. */
  reserve(name: string): void {
    if (!this.has(name)) this.lines.push({ name, value: undefined })
  }

  setType(value: string | undefined): void {
    this.type = value === undefined ? undefined : encodeHeaderValue(value)
    this.charsetAdded = false
  }

  /** True when Lua took the header away and nothing put it back: nginx then does not make it up either. */
  isCleared(name: string): boolean {
    return this.cleared.has(name)
  }

  has(name: string): boolean {
    return this.values(name).length > 0
  }

  values(rawName: string): string[] {
    const lower = asciiLower(wireName(rawName))
    if (lower === 'content-type') return this.contentType === undefined ? [] : [this.contentType]
    return this.filled()
      .filter(([key]) => asciiLower(key) === lower)
      .map(([, value]) => value)
  }

  /** nginx's charset filter, run when the head goes out. Redirects keep their type. */
  addCharset(status: number): void {
    if (this.type === undefined || status === 301 || status === 302) return
    if (CHARSET_TYPES.has(asciiLower(this.type))) this.charsetAdded = true
  }

  list(): HeaderList {
    return this.filled()
  }

  private filled(): (readonly [string, string])[] {
    return this.lines.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]))
  }

  /** `ngx.resp.get_headers`: the type first, then `computed`, the ones nginx makes up itself, then the list. */
  table(limit: number, computed: HeaderList): LuaTable {
    const own: HeaderList = this.contentType === undefined ? [] : [['content-type', this.contentType]]
    return headerTable([...own, ...computed, ...this.list()], limit)
  }
}

/** Response header names have `_` turned into `-`. */
function wireName(name: string): string {
  return encodeHeaderName(name.replaceAll('_', '-'))
}
