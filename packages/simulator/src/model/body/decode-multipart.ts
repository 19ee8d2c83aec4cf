import { LuaTable } from '@kong-ts/schema/lua'

interface Part {
  readonly name: string
  readonly value: string
  /** False for a part that ends with the body instead of a boundary. */
  readonly closed: boolean
}

/**
 * The parts of a multipart body by name, a list for a repeated one, as Kong's reader finds them. It is lenient: without a boundary, or
 * with a wrong one, there are no parts; a part without end counts, in place of others of its name; a name without quotes loses its first
 * and last character.
 */
export function decodeMultipart(body: string, contentType: string): LuaTable {
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

const isHeader = (text: string): boolean => /\S+:\s*\S+/.test(text)

/** Reads line by line; CR and LF each end a line, so a CRLF makes an empty one in between. */
class PartReader {
  private readonly found: Part[] = []
  private name: string | undefined
  private value: string[] = []
  private inValue = false

  constructor(
    private readonly body: string,
    private readonly boundary: string,
  ) {}

  parts(): readonly Part[] {
    let at = 0
    for (;;) {
      const end = this.nextBreak(at)
      const line = this.body.slice(at, end ?? undefined)
      at = end === undefined ? this.body.length : this.line(line, end)
      if (end === undefined) {
        this.line(line, undefined)
        break
      }
    }
    this.finishPart(false)
    return this.found
  }

  private nextBreak(from: number): number | undefined {
    const match = /[\r\n]/g
    match.lastIndex = from
    return match.exec(this.body)?.index
  }

  /** Takes one line ended at `end`; gives where the next one starts. */
  private line(line: string, end: number | undefined): number {
    const next = (end ?? this.body.length) + 1
    const ending = end === undefined ? '' : (this.body[end] ?? '')
    if (line === '') {
      if (this.inValue && ending !== '') this.value.push(ending)
      return next
    }
    if (line.startsWith(`--${this.boundary}`)) {
      this.inValue = false
      this.finishPart(true)
      return next
    }
    if (!this.inValue && (/^content-disposition/i.test(line) || isHeader(line))) {
      if (/^content-disposition/i.test(line)) this.readName(line)
      if (end === undefined || this.body.slice(end, end + 4) !== '\r\n\r\n') return next
      this.inValue = true
      return end + 4
    }
    this.inValue = true
    this.value.push(line)
    if (ending !== '') this.value.push(ending)
    return next
  }

  private readName(line: string): void {
    for (const piece of line.split(';')) {
      const value = isHeader(piece) ? undefined : /^\s*name=\s*([^=]*)/i.exec(piece)?.[1]
      if (value !== undefined) this.name = value.trimEnd().slice(1, -1)
    }
  }

  private finishPart(atBoundary: boolean): void {
    if (this.name === undefined) return
    if (atBoundary && this.value.at(-1) === '\n') this.value.pop()
    if (atBoundary && this.value.at(-1) === '\r') this.value.pop()
    this.found.push({ name: this.name, value: this.value.join(''), closed: atBoundary })
    this.name = undefined
    this.value = []
  }
}
