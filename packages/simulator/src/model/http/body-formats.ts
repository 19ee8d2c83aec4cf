import { randomInt } from 'node:crypto'
import { asciiLower, decodeJson, LuaTable, luaToString, luaType, raise } from '@kong-ts/schema/lua'
import { compareBytes } from './url-encoding.js'

/** The three kinds of body that Kong reads into a table. */
type BodyKind = 'form' | 'json' | 'multipart'

/** The body reader that Kong chooses by the beginning of a content type; undefined when it has none. */
export function bodyKind(contentType: string): BodyKind | undefined {
  const type = asciiLower(contentType).split(';', 1)[0] ?? ''
  if (type.startsWith('application/x-www-form-urlencoded')) return 'form'
  if (type.startsWith('application/json')) return 'json'
  if (type.startsWith('multipart/form-data')) return 'multipart'
  return undefined
}

/** Reads a JSON or multipart body. undefined for text that is not JSON, and for JSON that is neither an object nor an array. */
export function decodeDocument(kind: 'json' | 'multipart', body: string, contentType: string): LuaTable | undefined {
  if (kind === 'multipart') return decodeMultipart(body, contentType)
  const decoded = decodeJson(body)
  return decoded?.value instanceof LuaTable ? decoded.value : undefined
}

interface Part {
  readonly name: string
  readonly value: string
  /** False for a part that ends with the body instead of a boundary. */
  readonly closed: boolean
}

/**
 * Reads the parts of a multipart body by name, with a list for a repeated name, as Kong's reader does. That reader is lenient: without a
 * boundary, or with a wrong one, there are no parts. A part without an end replaces other parts of its name. A name without quotes loses
 * its first and its last character.
 */
function decodeMultipart(body: string, contentType: string): LuaTable {
  const table = new LuaTable()
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) return table
  for (const { name, value, closed } of new PartReader(body, boundary).parts()) {
    const present = table.get(name)
    if (present === undefined || !closed) table.set(name, value)
    else if (present instanceof LuaTable) present.set(present.size + 1, value)
    else table.set(name, LuaTable.list([present, value]))
  }
  return table
}

function boundaryOf(contentType: string): string | undefined {
  const found = /;\s*boundary=(\S+)/.exec(contentType)?.[1]
  const bare = found !== undefined && /^(["']).*\1$/.test(found) ? found.slice(1, -1) : found
  return bare === '' ? undefined : bare
}

function isHeader(text: string): boolean {
  return /\S+:\s*\S+/.test(text)
}

/** Reads a multipart body line by line. CR and LF each end a line, so a CRLF makes an empty line in between. */
class PartReader {
  readonly #body: string
  readonly #boundary: string
  readonly #found: Part[] = []
  #name: string | undefined
  #value: string[] = []
  #inValue = false

  constructor(body: string, boundary: string) {
    this.#body = body
    this.#boundary = boundary
  }

  parts(): readonly Part[] {
    let at = 0
    for (;;) {
      const end = this.#nextBreak(at)
      const line = this.#body.slice(at, end)
      if (end === undefined) {
        this.#takeLine(line, undefined)
        break
      }
      at = this.#takeLine(line, end)
    }
    this.#finishPart(false)
    return this.#found
  }

  #nextBreak(from: number): number | undefined {
    const match = /[\r\n]/g
    match.lastIndex = from
    return match.exec(this.#body)?.index
  }

  /** Takes the line that ends at `end`. @returns where the next line starts. */
  #takeLine(line: string, end: number | undefined): number {
    const next = (end ?? this.#body.length) + 1
    const ending = end === undefined ? '' : (this.#body[end] ?? '')
    if (line === '') {
      if (this.#inValue && ending !== '') this.#value.push(ending)
      return next
    }
    if (line.startsWith(`--${this.#boundary}`)) {
      this.#inValue = false
      this.#finishPart(true)
      return next
    }
    if (!this.#inValue && (/^content-disposition/i.test(line) || isHeader(line))) {
      if (/^content-disposition/i.test(line)) this.#readName(line)
      if (end === undefined || this.#body.slice(end, end + 4) !== '\r\n\r\n') return next
      this.#inValue = true
      return end + 4
    }
    this.#inValue = true
    this.#value.push(line)
    if (ending !== '') this.#value.push(ending)
    return next
  }

  #readName(line: string): void {
    for (const piece of line.split(';')) {
      const value = isHeader(piece) ? undefined : /^\s*name=\s*([^=]*)/i.exec(piece)?.[1]
      if (value !== undefined) this.#name = value.trimEnd().slice(1, -1)
    }
  }

  #finishPart(atBoundary: boolean): void {
    if (this.#name === undefined) return
    if (atBoundary && this.#value.at(-1) === '\n') this.#value.pop()
    if (atBoundary && this.#value.at(-1) === '\r') this.#value.pop()
    this.#found.push({ name: this.#name, value: this.#value.join(''), closed: atBoundary })
    this.#name = undefined
    this.#value = []
  }
}

/**
 * Writes a table as a multipart form: text parts sorted by name. Takes the boundary of the content type; makes one up when there is none,
 * or when a value contains it.
 */
export function encodeMultipart(table: LuaTable, contentType: string): { readonly body: string; readonly contentType: string } {
  const parts = [...table].map(([key, value]) => {
    if (typeof key !== 'string') raise(`invalid key "${luaToString(key)}": got ${luaType(key)}, expected string`)
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      raise(`invalid value "${luaToString(key)}": got ${luaType(value)}, expected string, number or boolean`)
    }
    return { name: luaToString(key), value }
  })
  const boundary = chooseBoundary(
    givenBoundary(contentType),
    parts.map(({ value }) => luaToString(value)),
  )
  // A boolean passes the check above, but the string buffer that Kong writes into does not take it.
  if (parts.some(({ value }) => typeof value === 'boolean'))
    raise("bad argument #1 to 'put' (string/number/__tostring expected, got boolean)")
  const sections = parts
    .sort((left, right) => compareBytes(left.name, right.name))
    .map(({ name, value }) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${luaToString(value)}\r\n`)
  return { body: `${sections.join('')}--${boundary}--\r\n`, contentType: `multipart/form-data; boundary=${boundary}` }
}

function givenBoundary(contentType: string): string | undefined {
  const at = contentType.indexOf('boundary=')
  if (at < 0) return undefined
  const rest = contentType.slice(at + 9)
  if (!rest.startsWith('"')) return rest
  const end = rest.indexOf('"', 1)
  return end < 0 ? raise("attempt to perform arithmetic on local 'till' (a nil value)") : rest.slice(1, end)
}

function chooseBoundary(given: string | undefined, values: readonly string[]): string {
  for (let boundary = given; ; boundary = String(randomInt(1_000_000_000, 10_000_000_000))) {
    if (boundary !== undefined && !values.some((value) => value.includes(`\n--${boundary}`))) return boundary
  }
}
