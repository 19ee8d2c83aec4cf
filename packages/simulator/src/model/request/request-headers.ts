import { asciiLower, LuaTable } from '@kong-ts/schema/lua'
import { encodeHeaderName, encodeHeaderValue } from '../http/header-text.js'
import type { HeaderList } from '../http/messages.js'

interface HeaderLine {
  name: string
  value: string
}

const dashed = (name: string): string => asciiLower(name).replaceAll('_', '-')
const underscored = (name: string): string => asciiLower(name).replaceAll('-', '_')

/** The headers of the client's request as nginx keeps them: in order, in the client's case, changed in place by plugins. */
export class RequestHeaders {
  private lines: HeaderLine[]

  /** Lines whose name has other characters than letters, digits, `-` and `_` are not taken over. */
  constructor(list: HeaderList) {
    this.lines = list
      .filter(([name]) => /^[A-Za-z0-9_-]+$/.test(name))
      .map(([name, value]) => ({ name, value: value.replace(/^[ \t]+|[ \t]+$/g, '') }))
  }

  /** All lines in order. */
  list(): HeaderList {
    return this.lines.map(({ name, value }) => [name, value] as const)
  }

  /** Values of a name, any case, `_` and `-` different. */
  values(name: string): string[] {
    const wanted = asciiLower(name)
    return this.lines.filter((line) => asciiLower(line.name) === wanted).map((line) => line.value)
  }

  first(name: string): string | undefined {
    return this.values(name)[0]
  }

  /** `$http_<name>`: `_` and `-` are equal, several values are joined. */
  variable(name: string): string | undefined {
    const wanted = underscored(name)
    const values = this.lines.filter((line) => underscored(line.name) === wanted).map((line) => line.value)
    if (values.length === 0) return undefined
    if (SINGLE.has(wanted)) return values[0]
    return values.join(wanted === 'cookie' ? '; ' : ', ')
  }

  /** Values of all names that differ in case and `_` for `-` only. */
  similar(name: string): string[] {
    const wanted = underscored(name)
    return this.lines.filter((line) => underscored(line.name) === wanted).map((line) => line.value)
  }

  /** `kong.request.get_header` where nginx variables can be read: the first value, `_` and `-` equal. */
  header(name: string, limit: number): string | undefined {
    const joined = this.variable(name)
    if (joined === undefined || !joined.includes(', ')) return joined
    return firstOf(lookup(this.table(limit), name))
  }

  /** `ngx.req.get_headers`: lower-case names, a list for a repeated one, the first `limit` lines. */
  table(limit: number): LuaTable {
    return headerTable(this.list(), limit)
  }

  /** `ngx.req.set_header`: the first line of that name keeps its place and case, further ones go. No values: all lines go. */
  set(rawName: string, values: readonly string[]): void {
    const name = encodeHeaderName(rawName)
    const encoded = values.map(encodeHeaderValue)
    const [first, ...more] = ONE_LINE.has(asciiLower(name)) ? encoded.slice(-1) : encoded
    if (first === undefined) {
      this.clear(name)
      return
    }
    const wanted = asciiLower(name)
    const present = this.lines.find((line) => asciiLower(line.name) === wanted)
    this.lines = this.lines.filter((line) => line === present || asciiLower(line.name) !== wanted)
    if (present) present.value = first
    else this.lines.push({ name, value: first })
    for (const value of more) this.lines.push({ name, value })
  }

  clear(name: string): void {
    const wanted = asciiLower(encodeHeaderName(name))
    this.lines = this.lines.filter((line) => asciiLower(line.name) !== wanted)
  }
}

/** Headers nginx holds one line of: of several values the last one counts. */
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

/** Variables nginx reads from its own pointer to one header line instead of collecting all lines. */
const SINGLE = new Set(['host', 'user_agent', 'referer', 'content_type', 'content_length'])

/** Header lines as a Lua table with lower-case names. */
export function headerTable(list: HeaderList, limit: number): LuaTable {
  const table = new LuaTable()
  const lines = limit > 0 ? list.slice(0, limit) : list
  for (const [name, value] of lines) {
    const key = asciiLower(name)
    const present = table.get(key)
    if (present === undefined) table.set(key, value)
    else if (present instanceof LuaTable) present.set(present.size + 1, value)
    else table.set(key, LuaTable.list([present, value]))
  }
  return table
}

/** Looks a name up in a header table as its metatable does: as given, lower case, then with `-` for `_`. */
export function lookup(table: LuaTable, name: string): string | LuaTable | undefined {
  const found = table.get(name) ?? table.get(asciiLower(name)) ?? table.get(dashed(name))
  return typeof found === 'string' || found instanceof LuaTable ? found : undefined
}

/** The first of a header's values. */
export function firstOf(value: string | LuaTable | undefined): string | undefined {
  if (!(value instanceof LuaTable)) return value
  const first = value.get(1)
  return typeof first === 'string' ? first : undefined
}
