import { asciiLower } from '@kong-ts/schema/lua'

/** nginx's `$cookie_<name>`, the name in lower case: the value up to the next `;`, from the first Cookie line that has one. */
export function cookieValue(lines: readonly string[], name: string): string | undefined {
  for (const line of lines) {
    const value = valueIn(line, name)
    if (value !== undefined) return value
  }
  return undefined
}

/** As nginx walks: after a name without `=` it goes on behind one more character, so `a; a=1` has no `a`. */
function valueIn(line: string, name: string): string | undefined {
  if (name.length > line.length) return undefined
  let at = 0
  while (at < line.length) {
    if (asciiLower(line.slice(at, at + name.length)) === name) {
      at = behindBlanks(line, at + name.length)
      if (line[at] === '=') return line.slice(behindBlanks(line, at + 1)).split(';', 1)[0]
      at += 1
    }
    const end = line.slice(at).search(/[;,]/)
    at = end < 0 ? line.length : behindBlanks(line, at + end + 1)
  }
  return undefined
}

function behindBlanks(line: string, from: number): number {
  let at = from
  while (line[at] === ' ') at += 1
  return at
}
