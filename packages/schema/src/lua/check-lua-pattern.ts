const MAX_CAPTURES = 32

/** Length of the set `[…]` that starts a text, or undefined when it has no end. */
function setLength(text: string): number | undefined {
  return /^\[(?:\^|(?!\^))(?:%[^\0]|[^%\0])(?:%[^\0]|[^%\]\0])*\]/.exec(text)?.[0].length
}

/**
 * Says what is malformed in a Lua pattern, in Lua's words. Kong itself finds out only when a value gets as far as the malformed part,
 * and then answers 500.
 *
 * @returns undefined for a pattern that raises on no text.
 */
export function checkLuaPattern(pattern: string): string | undefined {
  // A zero byte ends a pattern; a leading ^ is the anchor.
  let rest = pattern.replace(/\0[\s\S]*$/, '').replace(/^\^/, '')
  const captures: ('open' | 'closed' | 'position')[] = []
  const take = (length: number): void => {
    rest = rest.slice(length)
  }
  while (rest !== '') {
    if (rest.startsWith('()')) {
      captures.push('position')
      take(2)
    } else if (rest.startsWith('(')) {
      captures.push('open')
      take(1)
    } else if (rest.startsWith(')')) {
      const last = captures.lastIndexOf('open')
      if (last < 0) return 'invalid pattern capture'
      captures[last] = 'closed'
      take(1)
    } else if (rest.startsWith('%b')) {
      if (rest.length < 4) return 'unbalanced pattern'
      take(4)
    } else if (/^%\d/.test(rest)) {
      const capture = captures[Number(rest[1]) - 1]
      if (capture === undefined || capture === 'open') return 'invalid capture index'
      take(2)
    } else if (rest.startsWith('%f')) {
      if (rest[2] !== '[') return "missing '[' after '%f' in pattern"
      take(2)
    } else if (rest.startsWith('[')) {
      const length = setLength(rest)
      if (length === undefined) return "malformed pattern (missing ']')"
      take(length)
    } else if (rest.startsWith('%')) {
      if (rest.length < 2) return "malformed pattern (ends with '%')"
      take(2)
    } else {
      take(1)
    }
    if (captures.length > MAX_CAPTURES) return 'too many captures'
  }
  return captures.includes('open') ? 'unfinished capture' : undefined
}
