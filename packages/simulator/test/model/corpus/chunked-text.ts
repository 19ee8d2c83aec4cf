/** Removes chunked framing. undefined when the framing is malformed or has no end. */
export function unchunk(text: string): string | undefined {
  let rest = text
  let out = ''
  for (;;) {
    const end = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, end), 16)
    if (end < 0 || Number.isNaN(size)) return undefined
    if (size === 0) return out
    if (rest.length < end + 2 + size + 2) return undefined
    out += rest.slice(end + 2, end + 2 + size)
    rest = rest.slice(end + 2 + size + 2)
  }
}
