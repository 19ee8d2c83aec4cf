/** The head of a message as it stands on the wire; only the one space after a colon is gone. */
export interface RawHead {
  readonly firstLine: string
  readonly headers: readonly (readonly [string, string])[]
  /** Bytes of it, with the empty line. */
  readonly length: number
  value(name: string): string | undefined
}

export function parseHead(bytes: Buffer): RawHead | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [firstLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')] as const
  })
  return { firstLine, headers, length: end + 4, value: (name) => headers.find(([each]) => each.toLowerCase() === name)?.[1] }
}

/** Removes chunked framing; undefined when the last chunk has not come. */
export function takeChunked(bytes: Buffer): { readonly body: Buffer; readonly length: number } | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    if (Number.isNaN(size)) return { body: Buffer.concat(parts), length: bytes.length }
    if (size === 0) {
      const end = bytes.indexOf('\r\n\r\n', lineEnd)
      return end < 0 ? undefined : { body: Buffer.concat(parts), length: end + 4 }
    }
    if (bytes.length < lineEnd + 2 + size + 2) return undefined
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}
