/** The characters one place of a regular expression takes: some of ASCII, and either all or none beyond it. */
export interface AsciiSet {
  readonly codes: ReadonlySet<number>
  /** Takes every character beyond ASCII too, as a negated class does. */
  readonly takesOthers: boolean
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** The code points from one to the other, both included. */
export const codeRange = range

const code = (character: string): number => character.charCodeAt(0)

export const DIGITS: readonly number[] = range(code('0'), code('9'))
const UPPER = range(code('A'), code('Z'))
const LOWER = range(code('a'), code('z'))
const CONTROL = range(1, 31)

/** `\w` of a regular expression. */
export const WORD: readonly number[] = [...DIGITS, ...UPPER, code('_'), ...LOWER]

/** Everything but these, characters beyond ASCII included. */
export function negated(codes: Iterable<number>): AsciiSet {
  const excluded = new Set(codes)
  return { codes: new Set(range(0, 127).filter((member) => !excluded.has(member))), takesOthers: true }
}

/** Both cases of every letter. */
export function withBothCases(codes: Iterable<number>): Set<number> {
  const both = new Set<number>()
  for (const member of codes) {
    const character = String.fromCharCode(member)
    both.add(code(character.toLowerCase())).add(code(character.toUpperCase()))
  }
  return both
}

/** The set as one item of a Lua pattern. */
export function toLuaItem({ codes, takesOthers }: AsciiSet): string {
  if (takesOthers) {
    const excluded = range(0, 127).filter((member) => !codes.has(member))
    return excluded.length === 0 ? '.' : `[^${members(new Set(excluded))}]`
  }
  const [only, ...more] = codes
  return only !== undefined && more.length === 0 ? single(only) : `[${members(codes)}]`
}

/** Runs become ranges only where both ends can stand unescaped: an escape ends a range in Lua. */
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
