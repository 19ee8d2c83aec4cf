import { asciiLower, type LuaTable } from '@kong-ts/schema/lua'
import { encodeHeaderName, encodeHeaderValue, firstHeader, headerTable } from '../http/header-lines.js'
import type { HeaderList } from '../http/messages.js'

interface HeaderLine {
  name: string
  value: string
}

/** The headers of the client's request as nginx keeps them: in order, with the client's spelling, changed in place by plugins. */
export class RequestHeaders {
  #lines: HeaderLine[]

  /** Drops lines whose name has other characters than letters, digits, `-` and `_`, as nginx does. */
  constructor(list: HeaderList) {
    this.#lines = list
      .filter(([name]) => /^[A-Za-z0-9_-]+$/.test(name))
      .map(([name, value]) => ({ name, value: value.replace(/^[ \t]+|[ \t]+$/g, '') }))
  }

  /** All lines in order. */
  list(): HeaderList {
    return this.#lines.map(({ name, value }) => [name, value] as const)
  }

  /** The values of a name in any letter case. `_` and `-` differ. */
  values(name: string): string[] {
    const wanted = asciiLower(name)
    return this.#lines.filter((line) => asciiLower(line.name) === wanted).map((line) => line.value)
  }

  /** The first of {@link values}. */
  first(name: string): string | undefined {
    return this.values(name)[0]
  }

  /** `$http_<name>`: the values of {@link similar} as one text. */
  variable(name: string): string | undefined {
    const values = this.similar(name)
    if (values.length === 0) return undefined
    const wanted = underscored(name)
    if (FIRST_LINE_VARIABLES.has(wanted)) return values[0]
    return values.join(wanted === 'cookie' ? '; ' : ', ')
  }

  /** The values of a name in any letter case, `_` and `-` taken as equal. */
  similar(name: string): string[] {
    const wanted = underscored(name)
    return this.#lines.filter((line) => underscored(line.name) === wanted).map((line) => line.value)
  }

  /** `kong.request.get_header` while nginx's variables can be read: the first value, `_` and `-` taken as equal. */
  header(name: string, limit: number): string | undefined {
    const joined = this.variable(name)
    if (joined === undefined || !joined.includes(', ')) return joined
    return firstHeader(this.table(limit), name)
  }

  /** `ngx.req.get_headers`: lower-case names, a list for a repeated name, from the first `limit` lines. */
  table(limit: number): LuaTable {
    return headerTable(this.list(), limit)
  }

  /** `ngx.req.set_header`: the first line of the name keeps its place and spelling, its other lines go. Without values all lines go. */
  set(rawName: string, values: readonly string[]): void {
    const name = encodeHeaderName(rawName)
    const encoded = values.map(encodeHeaderValue)
    const [first, ...more] = ONE_LINE.has(asciiLower(name)) ? encoded.slice(-1) : encoded
    if (first === undefined) {
      this.clear(name)
      return
    }
    const wanted = asciiLower(name)
    const present = this.#lines.find((line) => asciiLower(line.name) === wanted)
    this.#lines = this.#lines.filter((line) => line === present || asciiLower(line.name) !== wanted)
    if (present) present.value = first
    else this.#lines.push({ name, value: first })
    for (const value of more) this.#lines.push({ name, value })
  }

  /** `ngx.req.clear_header`. */
  clear(name: string): void {
    const wanted = asciiLower(encodeHeaderName(name))
    this.#lines = this.#lines.filter((line) => asciiLower(line.name) !== wanted)
  }
}

function underscored(name: string): string {
  return asciiLower(name).replaceAll('-', '_')
}

/** nginx holds one line of each of these headers. When a plugin sets several values, nginx keeps the last. */
const ONE_LINE = new Set([
  'host',
  'connection',
  'if-modified-since',
  'if-unmodified-since',
  'if-match',
  'if-none-match',
  'user-agent',
  'referer',
  'content-length',
  'content-type',
  'range',
  'if-range',
  'transfer-encoding',
  'expect',
  'upgrade',
  'accept-encoding',
  'via',
  'authorization',
  'keep-alive',
  'x-real-ip',
])

/** For these variables nginx reads one header line; for the others it joins all lines of the name. */
const FIRST_LINE_VARIABLES = new Set(['host', 'user_agent', 'referer', 'content_type', 'content_length'])

/** nginx's `$cookie_<name>`: the value up to the next `;`, from the first Cookie line that has the name. @param name in lower case. */
export function cookieValue(lines: readonly string[], name: string): string | undefined {
  for (const line of lines) {
    const value = valueIn(line, name)
    if (value !== undefined) return value
  }
  return undefined
}

/** Searches as nginx does: after the name without a `=` it skips one more character, so `a; a=1` has no cookie `a`. */
function valueIn(line: string, name: string): string | undefined {
  if (name.length > line.length) return undefined
  let at = 0
  while (at < line.length) {
    if (asciiLower(line.slice(at, at + name.length)) === name) {
      at = skipBlanks(line, at + name.length)
      if (line[at] === '=') return line.slice(skipBlanks(line, at + 1)).split(';', 1)[0]
      at += 1
    }
    const end = line.slice(at).search(/[;,]/)
    at = end < 0 ? line.length : skipBlanks(line, at + end + 1)
  }
  return undefined
}

function skipBlanks(line: string, from: number): number {
  let at = from
  while (line[at] === ' ') at += 1
  return at
}
