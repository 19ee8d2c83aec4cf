import { DIGITS, WORD, codeRange, negated, withBothCases, type AsciiSet } from './ascii-set.js'

/** One item of a regular expression, and how often it may repeat. */
export type RegexpItem =
  | { readonly kind: 'set'; readonly set: AsciiSet; readonly min: number; readonly max: number }
  /** A character beyond ASCII, exactly once. */
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }

/** Items that must match from left to right. */
export type RegexpSequence = readonly RegexpItem[]

/** Most alternatives. Each becomes a pattern of the schema. */
const MOST_ALTERNATIVES = 16

const CONTROL_ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', 0: '\0' }

/** Raised where Lua's patterns have no counterpart. Never leaves this file. */
class Untranslatable extends Error {}

/**
 * Splits a regular expression into alternatives without groups.
 *
 * @returns `undefined` when it has something that Lua's patterns cannot express: look-around, back-references, repeated groups, classes
 * with some but not all characters beyond ASCII …
 */
export function parseRegexp({ source, flags }: RegExp): readonly RegexpSequence[] | undefined {
  if (/[myv]/.test(flags) || (flags.includes('u') && flags.includes('i'))) return undefined
  try {
    return new RegexpParser(source, flags).parse()
  } catch (error) {
    if (error instanceof Untranslatable) return undefined
    throw error
  }
}

class RegexpParser {
  readonly #source: string
  readonly #ignoresCase: boolean
  readonly #dotTakesAll: boolean
  #at = 0

  constructor(source: string, flags: string) {
    this.#source = source
    this.#ignoresCase = flags.includes('i')
    this.#dotTakesAll = flags.includes('s')
  }

  parse(): readonly RegexpSequence[] {
    const alternatives = this.#alternatives()
    if (this.#at < this.#source.length) throw new Untranslatable()
    return alternatives
  }

  #alternatives(): RegexpSequence[] {
    const alternatives = this.#sequences()
    while (this.#take('|')) alternatives.push(...this.#sequences())
    if (alternatives.length > MOST_ALTERNATIVES) throw new Untranslatable()
    return alternatives
  }

  /** One alternative. Each group in it multiplies the sequences by its own alternatives. */
  #sequences(): RegexpSequence[] {
    let sequences: RegexpSequence[] = [[]]
    while (this.#at < this.#source.length && !'|)'.includes(this.#next)) {
      const parts = this.#term()
      sequences = sequences.flatMap((sequence) => parts.map((part) => [...sequence, ...part]))
      if (sequences.length > MOST_ALTERNATIVES) throw new Untranslatable()
    }
    return sequences
  }

  #term(): readonly RegexpSequence[] {
    if (this.#take('^')) return [[{ kind: 'start' }]]
    if (this.#take('$')) return [[{ kind: 'end' }]]
    if (this.#take('(')) return this.#group()
    const atom = this.#atom()
    const [min, max] = this.#quantifier()
    if (typeof atom !== 'string') return [[{ kind: 'set', set: atom, min, max }]]
    if (min !== 1 || max !== 1 || this.#ignoresCase) throw new Untranslatable()
    return [[{ kind: 'literal', text: atom }]]
  }

  #group(): readonly RegexpSequence[] {
    const opening = /^\?(:|<[A-Za-z_$][\w$]*>)/.exec(this.#rest)?.[0]
    if (opening !== undefined) this.#at += opening.length
    else if (this.#next === '?') throw new Untranslatable()
    const alternatives = this.#alternatives()
    if (!this.#take(')')) throw new Untranslatable()
    const [min, max] = this.#quantifier()
    if (min === 1 && max === 1) return alternatives
    if (min === 0 && max === 1) return [...alternatives, []]
    const [only, ...more] = alternatives
    const [item, ...others] = only ?? []
    if (more.length > 0 || others.length > 0 || item?.kind !== 'set' || item.min !== 1 || item.max !== 1) throw new Untranslatable()
    return [[{ ...item, min, max }]]
  }

  #atom(): AsciiSet | string {
    if (this.#take('[')) return this.#class()
    if (this.#take('.')) {
      // Without the s flag a dot does not match U+2028 and U+2029. A class of bytes cannot exclude them.
      if (!this.#dotTakesAll) throw new Untranslatable()
      return negated([])
    }
    if (this.#take('\\')) {
      const letter = this.#next
      if (letter === 'D' || letter === 'W') {
        this.#at++
        return negated(letter === 'D' ? DIGITS : WORD)
      }
      return this.#set(this.#escape())
    }
    if ('*+?'.includes(this.#next)) throw new Untranslatable()
    return this.#set([this.#character()])
  }

  /** A set of ASCII characters, or the text of one character beyond ASCII. */
  #set(codes: readonly number[]): AsciiSet | string {
    const [only, ...more] = codes
    if (only !== undefined && more.length === 0 && only > 127) return String.fromCodePoint(only)
    return { codes: this.#cased(codes), takesOthers: false }
  }

  #cased(codes: readonly number[]): ReadonlySet<number> {
    if (codes.some((member) => member > 127)) throw new Untranslatable()
    return this.#ignoresCase ? withBothCases(codes) : new Set(codes)
  }

  #class(): AsciiSet {
    const isNegated = this.#take('^')
    const codes: number[] = []
    while (!this.#take(']')) {
      const from = this.#classMember()
      if (from.length === 1 && this.#next === '-' && this.#source[this.#at + 1] !== ']') {
        this.#at++
        const to = this.#classMember()
        const [low, high] = [from[0], to[0]]
        if (low === undefined || high === undefined || to.length !== 1 || high > 127) throw new Untranslatable()
        codes.push(...codeRange(low, high))
      } else codes.push(...from)
    }
    const cased = this.#cased(codes)
    if (isNegated) return negated(cased)
    if (cased.size === 0) throw new Untranslatable()
    return { codes: cased, takesOthers: false }
  }

  #classMember(): readonly number[] {
    if (this.#at >= this.#source.length) throw new Untranslatable()
    if (!this.#take('\\')) return [this.#character()]
    return this.#take('b') ? [8] : this.#escape()
  }

  /** The characters that an escape stands for; the backslash is already consumed. */
  #escape(): readonly number[] {
    const [, hex, unicode] = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4}))/.exec(this.#rest) ?? []
    if (hex !== undefined || unicode !== undefined) {
      this.#at += 1 + (hex ?? unicode ?? '').length
      return [Number.parseInt(hex ?? unicode ?? '', 16)]
    }
    const letter = this.#next
    if (letter === 'd' || letter === 'w') {
      this.#at++
      return letter === 'd' ? DIGITS : WORD
    }
    const control = CONTROL_ESCAPES[letter]
    if (control !== undefined && !/^0\d/.test(this.#rest)) {
      this.#at++
      return [control.charCodeAt(0)]
    }
    // Other letters and digits are classes beyond ASCII, boundaries or back-references.
    if (letter === '' || /[\dA-Za-z]/.test(letter)) throw new Untranslatable()
    return [this.#character()]
  }

  #quantifier(): readonly [min: number, max: number] {
    const quantifier = this.#readQuantifier()
    // Lazy and greedy quantifiers accept the same texts.
    if (quantifier !== undefined) this.#take('?')
    return quantifier ?? [1, 1]
  }

  #readQuantifier(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Infinity]
    if (this.#take('+')) return [1, Infinity]
    if (this.#take('?')) return [0, 1]
    const [all, min, comma, max] = /^\{(\d+)(,?)(\d*)\}/.exec(this.#rest) ?? []
    if (all === undefined) return undefined
    this.#at += all.length
    return [Number(min), comma === '' ? Number(min) : max === '' ? Infinity : Number(max)]
  }

  get #rest(): string {
    return this.#source.slice(this.#at)
  }

  get #next(): string {
    return this.#source[this.#at] ?? ''
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false
    this.#at++
    return true
  }

  #character(): number {
    const found = this.#source.codePointAt(this.#at) ?? 0
    this.#at += found > 0xffff ? 2 : 1
    // A lone surrogate has no bytes in UTF-8.
    if (found >= 0xd800 && found <= 0xdfff) throw new Untranslatable()
    return found
  }
}
