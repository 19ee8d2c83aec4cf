/** The characters that one item of a regular expression accepts: some of ASCII, and either all or none of the others. */
export interface AsciiSet {
  readonly codes: ReadonlySet<number>
  /** Accepts every character beyond ASCII too, as a negated class does. */
  readonly takesOthers: boolean
}

export const DIGITS: readonly number[] = codeRange(0x30, 0x39)
const UPPER = codeRange(0x41, 0x5a)
const LOWER = codeRange(0x61, 0x7a)
const CONTROL = codeRange(0x01, 0x1f)

/** `\w` of a regular expression. */
export const WORD: readonly number[] = [...DIGITS, ...UPPER, 0x5f, ...LOWER]

const ASCII = codeRange(0x00, 0x7f)

/** The code points from one to another, both included. */
export function codeRange(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** All characters except these, so every character beyond ASCII too. */
export function negated(codes: Iterable<number>): AsciiSet {
  const excluded = new Set(codes)
  return { codes: new Set(ASCII.filter((member) => !excluded.has(member))), takesOthers: true }
}

/** Both cases of every letter. */
export function withBothCases(codes: Iterable<number>): Set<number> {
  const both = new Set<number>()
  for (const member of codes) {
    const character = String.fromCharCode(member)
    both.add(character.toLowerCase().charCodeAt(0)).add(character.toUpperCase().charCodeAt(0))
  }
  return both
}

/** Writes the set as one item of a Lua pattern. */
export function toLuaItem({ codes, takesOthers }: AsciiSet): string {
  if (takesOthers) {
    const excluded = ASCII.filter((member) => !codes.has(member))
    return excluded.length === 0 ? '.' : `[^${members(new Set(excluded))}]`
  }
  const [only, ...more] = codes
  return only !== undefined && more.length === 0 ? single(only) : `[${members(codes)}]`
}

/** Runs of letters, digits and control characters become ranges. Other characters need an escape, and Lua has no ranges with escapes. */
function members(codes: ReadonlySet<number>): string {
  const rest = new Set(codes)
  let text = ''
  for (const block of [DIGITS, UPPER, LOWER, CONTROL]) {
    let run: number[] = []
    const endRun = (): void => {
      text += run.length > 2 ? `${String.fromCharCode(run[0] ?? 0)}-${String.fromCharCode(run.at(-1) ?? 0)}` : run.map(single).join('')
      run = []
    }
    for (const member of block) {
      if (rest.delete(member)) run.push(member)
      else endRun()
    }
    endRun()
  }
  return text + [...rest].map(single).join('')
}

function single(member: number): string {
  if (member === 0) return '%z'
  const character = String.fromCharCode(member)
  return /[!-/:-@[-`{-~]/.test(character) ? `%${character}` : character
}
