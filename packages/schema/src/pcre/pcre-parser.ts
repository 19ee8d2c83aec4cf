import { escapeCode, readClass } from './pcre-class.js'
import { NAME, readEscape, type PcreEscape } from './pcre-escape.js'
import { readLeadingOptions, PcreInvalid, PcreReader, PcreUnknown } from './pcre-reader.js'
import { checkLookbehind, either, EMPTY, place, sequence, wide, type Item, type Part, readQuantifier } from './pcre-part.js'

interface Flags {
  readonly extended: boolean
  readonly dotAll: boolean
  readonly multiline: boolean
  /** `(?n)`: plain brackets do not capture. */
  readonly noCapture: boolean
}

const MAX_NESTING = 250
/** PCRE refuses patterns that compile to more than 64 kilobytes; above this estimate kong-ts is not sure. */
const SURE_SIZE = 4000

const NAMED_GROUP = new RegExp(String.raw`P?<(${NAME})>|'(${NAME})'`, 'y')
const GROUP_CALL = new RegExp(String.raw`(?:(R|[+-]?\d+)|&(${NAME})|P>(${NAME}))\)`, 'y')
const PYTHON_REFERENCE = new RegExp(String.raw`P=(${NAME})\)`, 'y')
const CONDITION = new RegExp(
  String.raw`(?:(R\d*|R&${NAME}|DEFINE)|VERSION>?=\d+(?:\.\d+)?|([+-]?\d+)|<(${NAME})>|'(${NAME})'|(${NAME}))\)`,
  'y',
)

/** Checks a pattern's syntax, and translates it as far as JavaScript can follow. */
export class PcreParser {
  readonly #reader: PcreReader
  readonly #names = new Map<string, number>()
  readonly #targets: string[] = []
  #groups = 0
  #nesting = 0
  #lookarounds = 0
  #allowsSameNames = false
  #flags: Flags = { extended: false, dotAll: false, multiline: false, noCapture: false }
  /** Whether the whole pattern ignores case. */
  isCaseless = false
  /** Whether the JavaScript matches exactly what PCRE matches. */
  isExact = true

  constructor(text: string, isPcre2: boolean) {
    this.#reader = new PcreReader(text, isPcre2)
  }

  /**
   * JavaScript for the whole pattern.
   *
   * @throws PcreInvalid when PCRE does not compile the pattern, PcreUnknown when kong-ts is not sure.
   */
  parse(): string {
    if (readLeadingOptions(this.#reader)) this.isExact = false
    const { source, size } = this.#alternatives()
    if (!this.#reader.isAtEnd) throw new PcreInvalid('unmatched closing parenthesis')
    for (const target of this.#targets) {
      if (!this.#isGroup(target)) throw new PcreInvalid(`reference to a group that does not exist: ${target}`)
    }
    if (size > SURE_SIZE) throw new PcreUnknown('large pattern')
    return source
  }

  #isGroup(target: string): boolean {
    return /^\d+$/.test(target) ? Number(target) <= this.#groups : this.#names.has(target)
  }

  #alternatives(): Part {
    return either(this.#branches())
  }

  #branches(onBranch?: () => void): Part[] {
    if (++this.#nesting > MAX_NESTING) throw new PcreInvalid('parentheses are too deeply nested')
    const outer = this.#flags
    const branches = [this.#branch()]
    onBranch?.()
    while (this.#reader.skip('|')) {
      branches.push(this.#branch())
      onBranch?.()
    }
    this.#flags = outer
    this.#nesting--
    return branches
  }

  #branch(): Part {
    const parts: Part[] = []
    for (;;) {
      this.#skipIgnored()
      if (this.#reader.isAtEnd || this.#reader.peek() === '|' || this.#reader.peek() === ')') return sequence(parts)
      const { part, isRepeatable } = this.#item()
      parts.push(isRepeatable ? this.#repeated(part) : part)
    }
  }

  /** Passes what stands for nothing: comments, empty quotations and, in extended mode, blanks. */
  #skipIgnored(): boolean {
    const { at } = this.#reader
    while (
      (this.#flags.extended && this.#reader.match(/[ \t\n\v\f\r]+|#[^\n]*\n?/y) !== undefined) ||
      this.#reader.match(/\\E|\\Q\\E/y) !== undefined ||
      this.#comment()
    );
    return this.#reader.at > at
  }

  #comment(): boolean {
    if (!this.#reader.skip('(?#')) return false
    this.#reader.until(')')
    return true
  }

  #item(): Item {
    const reader = this.#reader
    if (readQuantifier(this.#reader) !== undefined) throw new PcreInvalid('quantifier does not follow a repeatable item')
    const character = reader.next()
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        return this.#class()
      case '\\':
        return this.#escape(readEscape(reader, false))
      case '^':
        return place(this.#flags.multiline ? '(?<=^|\\n)' : '(?<![\\s\\S])')
      case '$':
        return place(this.#flags.multiline ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))')
      case '.':
        return { part: wide(this.#flags.dotAll ? '[\\s\\S]' : '[^\\n]'), isRepeatable: true }
      default:
        return { part: wide(escapeCode(character.charCodeAt(0))), isRepeatable: true }
    }
  }

  #class(): Item {
    const reader = this.#reader
    if (/^[:.=][^\]]*[:.=]\]/.test(reader.text.slice(reader.at))) {
      const isPlain = /^[:.=]\^?[a-z]+[:.=]\]/.test(reader.text.slice(reader.at))
      throw isPlain ? new PcreInvalid('POSIX named classes are supported only within a class') : new PcreUnknown('[: outside a class')
    }
    const { source, isExact } = readClass(reader)
    this.isExact &&= isExact
    return { part: wide(source), isRepeatable: true }
  }

  #escape(escape: PcreEscape): Item {
    switch (escape.kind) {
      case 'character':
        return { part: wide(escapeCode(escape.code)), isRepeatable: true }
      case 'set':
        this.isExact &&= escape.isExact
        return { part: wide(`[${escape.negated ? '^' : ''}${escape.inside}]`), isRepeatable: true }
      case 'assertion':
        if (escape.letter === 'K' && this.#lookarounds > 0) throw new PcreUnknown('\\K in a lookaround')
        return place(escape.source)
      case 'sequence':
        this.isExact &&= escape.isExact
        return { part: { min: 1, max: escape.max, hasSureLength: escape.max === 1, size: 1, source: escape.source }, isRepeatable: true }
      case 'reference':
        return { part: this.#reference(escape.target), isRepeatable: true }
      case 'call':
        return { part: this.#call(escape.target), isRepeatable: true }
      case 'literal':
        return this.#literal(escape.text)
    }
  }

  /** Of a quotation, a quantifier repeats the last character. */
  #literal(text: string): Item {
    const codes = [...text].map((each) => escapeCode(each.charCodeAt(0)))
    const last = codes.pop() ?? ''
    const part = this.#repeated(wide(last))
    return { part: sequence([wide(codes.join(''), codes.length), part]), isRepeatable: false }
  }

  #reference(target: string): Part {
    const absolute = this.#absolute(target)
    if (absolute === '0') throw new PcreInvalid('reference to a group that does not exist')
    this.#targets.push(absolute)
    const number = /^\d+$/.test(absolute) ? Number(absolute) : this.#names.get(absolute)
    // In JavaScript a group without a match matches the empty text; in PCRE it matches nothing.
    if (number === undefined || number > this.#groups) this.isExact = false
    return { min: 0, max: Infinity, hasSureLength: false, size: 1, source: number === undefined ? '' : `(?:\\${number})` }
  }

  #call(target: string): Part {
    this.#targets.push(this.#absolute(target === 'R' ? '0' : target))
    this.isExact = false
    return { min: 0, max: Infinity, hasSureLength: false, size: 1, source: '' }
  }

  /** A relative number counts from here. */
  #absolute(target: string): string {
    const relative = /^([+-])(\d+)$/.exec(target)
    if (relative === null) return /^\d+$/.test(target) ? String(Number(target)) : target
    const distance = Number(relative[2])
    if (distance === 0) throw new PcreInvalid('a relative value of zero is not allowed')
    const absolute = relative[1] === '-' ? this.#groups + 1 - distance : this.#groups + distance
    if (absolute <= 0) throw new PcreInvalid('reference to a group that does not exist')
    return String(absolute)
  }

  #repeated(part: Part): Part {
    this.#skipIgnored()
    const quantifier = readQuantifier(this.#reader)
    if (quantifier === undefined) return part
    const isLazy = this.#reader.skip('?')
    // JavaScript has no possessive quantifiers.
    if (!isLazy && this.#reader.skip('+')) this.isExact = false
    if (this.#skipIgnored() && /[*+?{]/.test(this.#reader.peek())) throw new PcreUnknown('quantifier behind a quantifier and a comment')
    const { least, most } = quantifier
    return {
      min: part.min * least,
      max: part.max === 0 || most === 0 ? 0 : part.max * most,
      hasSureLength: part.hasSureLength,
      size: part.size * Math.max(1, least, most === Infinity ? 1 : most),
      source: part.source === '' ? '' : `(?:${part.source})${quantifier.source}${isLazy ? '?' : ''}`,
    }
  }

  #close(part: Part): Part {
    if (!this.#reader.skip(')')) throw new PcreInvalid('missing closing parenthesis')
    return part
  }

  #group(): Item {
    const reader = this.#reader
    if (reader.peek() === '*') return this.#verb()
    if (!reader.skip('?')) return { part: this.#flags.noCapture ? this.#plainGroup() : this.#capture(), isRepeatable: true }
    const look = this.#lookaround()
    if (look !== undefined) return { part: look, isRepeatable: true }
    if (/^<?\*/.test(reader.text.slice(reader.at))) throw new PcreUnknown('non-atomic assertion')
    const name = reader.match(NAMED_GROUP)
    if (name !== undefined) return { part: this.#capture(name[1] ?? name[2]), isRepeatable: true }
    if (/^P?<|^'/.test(reader.text.slice(reader.at))) return this.#unusualName()
    if (reader.skip('|')) return { part: this.#branchReset(), isRepeatable: true }
    if (reader.skip('>')) {
      this.isExact = false
      return { part: this.#plainGroup(), isRepeatable: true }
    }
    if (reader.skip(':')) return { part: this.#plainGroup(), isRepeatable: true }
    const called = reader.match(GROUP_CALL)
    if (called !== undefined) return { part: this.#call(called[1] ?? called[2] ?? called[3] ?? '0'), isRepeatable: true }
    const reference = reader.match(PYTHON_REFERENCE)?.[1]
    if (reference !== undefined) return { part: this.#reference(reference), isRepeatable: true }
    if (reader.skip('C')) return this.#callout()
    if (reader.skip('(')) return { part: this.#conditional(), isRepeatable: true }
    return this.#options()
  }

  #lookaround(): Part | undefined {
    const sign = this.#reader.match(/<?[=!]/y)?.[0]
    if (sign === undefined) return undefined
    this.#lookarounds++
    const branches = this.#branches()
    this.#lookarounds--
    if (sign.startsWith('<')) checkLookbehind(branches)
    const inner = either(branches)
    return this.#close({ ...EMPTY, size: inner.size + 1, source: `(?${sign}${inner.source})` })
  }

  /** A name that is longer than 32 characters (taken from 10.44 on), not ASCII (taken in UTF mode), or malformed. */
  #unusualName(): never {
    const rest = this.#reader.text.slice(this.#reader.at)
    if (/^(?:P?<|')\d/.test(rest)) throw new PcreInvalid('group name must start with a non-digit')
    if (/^(?:P?<|')\w*$/.test(rest)) throw new PcreInvalid('missing terminator of a group name')
    throw new PcreUnknown('unusual group name')
  }

  #capture(name?: string): Part {
    const number = ++this.#groups
    if (name !== undefined) {
      const earlier = this.#names.get(name)
      if (earlier !== undefined && earlier !== number && !this.#allowsSameNames) {
        throw new PcreInvalid('two named groups have the same name')
      }
      if (earlier !== undefined) this.isExact = false
      this.#names.set(name, number)
    }
    const inner = this.#alternatives()
    return this.#close({ ...inner, size: inner.size + 1, source: `(${inner.source})` })
  }

  #plainGroup(): Part {
    const inner = this.#alternatives()
    return this.#close({ ...inner, size: inner.size + 1, source: `(?:${inner.source})` })
  }

  /** `(?|…)`: every alternative numbers its groups from the same number on. */
  #branchReset(): Part {
    this.isExact = false
    const before = this.#groups
    const names = this.#names.size
    let most = before
    const branches = this.#branches(() => {
      most = Math.max(most, this.#groups)
      this.#groups = before
    })
    this.#groups = most
    if (this.#names.size > names) throw new PcreUnknown('names in a branch reset')
    const inner = either(branches)
    return this.#close({ ...inner, hasSureLength: inner.hasSureLength && inner.min === inner.max, source: `(?:${inner.source})` })
  }

  #callout(): Item {
    const number = this.#reader.match(/(\d*)\)/y)?.[1]
    if (number === undefined) throw new PcreUnknown('callout with a text')
    if (Number(number) > 255) throw new PcreInvalid('number after (?C is greater than 255')
    return { part: EMPTY, isRepeatable: false }
  }

  #conditional(): Part {
    this.isExact = false
    this.#condition()
    const branches = this.#branches()
    if (branches.length > 2) throw new PcreInvalid('conditional group contains more than two branches')
    const inner = either(branches.length === 1 ? [...branches, EMPTY] : branches)
    return this.#close({ ...inner, hasSureLength: false, source: `(?:${inner.source})` })
  }

  #condition(): void {
    const reader = this.#reader
    if (reader.skip('?')) {
      if (this.#lookaround() === undefined) throw new PcreUnknown('condition')
      return
    }
    const found = reader.match(CONDITION)
    if (found === undefined) throw new PcreUnknown('condition')
    const [whole, special, number, ...names] = found
    // Names that begin with R may be groups or recursions.
    if (special !== undefined && special !== 'R') throw new PcreUnknown(`condition ${special}`)
    if (whole.startsWith('VERSION')) throw new PcreUnknown('condition VERSION')
    const name = names.find((each) => each !== undefined)
    if (number !== undefined) {
      const target = this.#absolute(number)
      if (target === '0') throw new PcreInvalid('reference to a group that does not exist')
      this.#targets.push(target)
    } else if (name !== undefined) {
      this.#targets.push(name)
    }
  }

  #options(): Item {
    const reader = this.#reader
    const isReset = reader.skip('^')
    if (isReset) reader.takenByPcre2('(?^')
    const letters = reader.match(/[imsxnJU]*(?:-[imsxnJU]*)?/y)?.[0] ?? ''
    if (isReset && letters.includes('-')) throw new PcreInvalid('invalid hyphen in option setting')
    if (letters.includes('n') || letters.includes('xx')) reader.takenByPcre2('option n or xx')
    if (reader.peek() === 'a') throw new PcreUnknown('option a of PCRE2 10.43')
    if (reader.isAtEnd) throw new PcreInvalid('missing closing parenthesis')
    const end = reader.next()
    if (end !== ')' && end !== ':') throw new PcreInvalid('unrecognized character after (? or (?-')
    const outer = this.#flags
    this.#setFlags(letters, isReset)
    // The letter i counts for the whole pattern only when it stands alone in front.
    if (/[iU]/.test(letters) || isReset) {
      if (!isReset && end === ')' && letters === 'i' && reader.at === '(?i)'.length) this.isCaseless = true
      else this.isExact = false
    }
    if (end === ')') return { part: EMPTY, isRepeatable: false }
    const part = this.#plainGroup()
    this.#flags = outer
    return { part, isRepeatable: true }
  }

  #setFlags(letters: string, isReset: boolean): void {
    const [on = '', off = ''] = letters.split('-')
    const base: Flags = isReset ? { extended: false, dotAll: false, multiline: false, noCapture: false } : this.#flags
    const has = (letter: string, before: boolean): boolean => !off.includes(letter) && (on.includes(letter) || before)
    if (on.includes('J')) this.#allowsSameNames = true
    if (on.includes('xx')) throw new PcreUnknown('option xx')
    this.#flags = {
      extended: has('x', base.extended),
      dotAll: has('s', base.dotAll),
      multiline: has('m', base.multiline),
      noCapture: has('n', base.noCapture),
    }
  }

  #verb(): Item {
    const reader = this.#reader
    this.isExact = false
    // Assertions such as (*pla:…) are PCRE2's, and newer versions have more of them.
    if (/^\*[a-z_]+:/.test(reader.text.slice(reader.at))) throw new PcreUnknown('assertion with a name')
    const verb = reader.match(/\*(?:(MARK)?:[^)]+|(ACCEPT|FAIL|F|COMMIT|PRUNE|SKIP|THEN)(?::[^)]*)?)\)/y)
    if (verb === undefined) throw new PcreInvalid('(*VERB) not recognized or malformed')
    if (verb[0].includes(':') && !/^\*(?:MARK)?:|^\*(?:PRUNE|SKIP|THEN):/.test(verb[0])) throw new PcreUnknown('verb with an argument')
    // PCRE2 lets (*ACCEPT) be repeated.
    if (verb[2] === 'ACCEPT' && /[*+?{]/.test(reader.peek())) throw new PcreUnknown('repeated (*ACCEPT)')
    return { part: { ...EMPTY, hasSureLength: false }, isRepeatable: false }
  }
}
