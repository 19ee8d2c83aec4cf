import { escapeCode, readClass } from './pcre-class.js'
import { readEscape, type PcreEscape } from './pcre-escape.js'
import { PcreError, PcreReader } from './pcre-reader.js'

/** A part of a pattern: how long its matches can be, and JavaScript for it. */
interface Part {
  readonly min: number
  readonly max: number
  readonly source: string
}

interface Flags {
  readonly extended: boolean
  readonly dotAll: boolean
  readonly multiline: boolean
}

const MAX_NESTING = 250
const MAX_LOOKBEHIND = 255
const EMPTY: Part = { min: 0, max: 0, source: '' }

const wide = (source: string, length = 1): Part => ({ min: length, max: length, source })

const sequence = (parts: readonly Part[]): Part => ({
  min: parts.reduce((sum, part) => sum + part.min, 0),
  max: parts.reduce((sum, part) => sum + part.max, 0),
  source: parts.map((part) => part.source).join(''),
})

const either = (parts: readonly Part[]): Part => ({
  min: Math.min(...parts.map((part) => part.min)),
  max: Math.max(...parts.map((part) => part.max)),
  source: parts.map((part) => part.source).join('|'),
})

/** Settings for a whole pattern, in front of it. */
const leadingOption = new RegExp(
  `\\(\\*(?:${[
    'UTF8?|UCP|CR|LF|CRLF|ANY|ANYCRLF|NUL|BSR_ANYCRLF|BSR_UNICODE|NOTEMPTY(?:_ATSTART)?',
    'NO_(?:AUTO_POSSESS|DOTSTAR_ANCHOR|JIT|START_OPT)',
    'LIMIT_(?:MATCH|DEPTH|HEAP|RECURSION)=\\d+',
  ].join('|')})\\)`,
  'y',
)
const optionLetters = /[imsxnJUa]*(?:-[imsxnJU]*)?/y

/** Checks a pattern's syntax, and translates it as far as JavaScript can follow. */
export class PcreParser {
  private readonly reader: PcreReader
  private readonly names = new Map<string, number>()
  private readonly targets: string[] = []
  private groups = 0
  private nesting = 0
  private allowsSameNames = false
  private flags: Flags = { extended: false, dotAll: false, multiline: false }
  isCaseless = false

  constructor(text: string) {
    this.reader = new PcreReader(text)
  }

  /** JavaScript for the whole pattern. */
  parse(): string {
    while (this.reader.match(leadingOption) !== undefined);
    const { source } = this.alternatives()
    if (!this.reader.isAtEnd) throw new PcreError('unmatched closing parenthesis')
    for (const target of this.targets) if (!this.isGroup(target)) throw new PcreError(`reference to a group that is not there: ${target}`)
    return source
  }

  private isGroup(target: string): boolean {
    if (/^\d+$/.test(target)) return Number(target) <= this.groups
    return /^[+-]/.test(target) || this.names.has(target)
  }

  private alternatives(): Part {
    return either(this.branches())
  }

  private branches(): Part[] {
    if (++this.nesting > MAX_NESTING) throw new PcreError('parentheses are too deeply nested')
    const outer = this.flags
    const branches = [this.branch()]
    while (this.reader.skip('|')) branches.push(this.branch())
    this.flags = outer
    this.nesting--
    return branches
  }

  private branch(): Part {
    const parts: Part[] = []
    while (!this.reader.isAtEnd && this.reader.peek() !== '|' && this.reader.peek() !== ')') {
      const { part, isRepeatable } = this.item()
      parts.push(isRepeatable ? this.repeated(part) : part)
    }
    return sequence(parts)
  }

  private item(): { part: Part; isRepeatable: boolean } {
    const { reader } = this
    if (this.flags.extended && reader.match(/\s+|#[^\n]*\n?/y) !== undefined) return { part: EMPTY, isRepeatable: false }
    if (this.quantifier() !== undefined) throw new PcreError('quantifier does not follow a repeatable item')
    const character = reader.next()
    switch (character) {
      case '(':
        return this.group()
      case '[':
        if (/^[:.=][^\]]*[:.=]\]/.test(reader.text.slice(reader.at))) {
          throw new PcreError('POSIX named classes are supported only within a class')
        }
        return { part: wide(readClass(reader)), isRepeatable: true }
      case '\\':
        return this.escape(readEscape(reader, false))
      case '^':
        return { part: { ...EMPTY, source: this.flags.multiline ? '(?<=^|\\n)' : '(?<![\\s\\S])' }, isRepeatable: false }
      case '$':
        return { part: { ...EMPTY, source: this.flags.multiline ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))' }, isRepeatable: true }
      case '.':
        return { part: wide(this.flags.dotAll ? '[\\s\\S]' : '[^\\n]'), isRepeatable: true }
      default:
        return { part: wide(escapeCode(character.charCodeAt(0))), isRepeatable: true }
    }
  }

  private escape(escape: PcreEscape): { part: Part; isRepeatable: boolean } {
    switch (escape.kind) {
      case 'character':
        return { part: wide(escapeCode(escape.code)), isRepeatable: true }
      case 'set':
        return { part: wide(`[${escape.negated ? '^' : ''}${escape.inside}]`), isRepeatable: true }
      case 'assertion':
        return { part: { ...EMPTY, source: escape.source }, isRepeatable: true }
      case 'sequence':
        return { part: { min: 1, max: escape.max, source: escape.source }, isRepeatable: true }
      case 'reference':
        return { part: this.reference(escape.target), isRepeatable: true }
      case 'literal': {
        const codes = [...escape.text].map((each) => escapeCode(each.charCodeAt(0)))
        return { part: wide(codes.join(''), codes.length), isRepeatable: codes.length > 0 }
      }
    }
  }

  private reference(target: string): Part {
    const relative = /^([+-])(\d+)$/.exec(target)
    const absolute =
      relative === null ? target : String(this.groups + (relative[1] === '-' ? 1 - Number(relative[2]) : Number(relative[2])))
    if (absolute === '0' || absolute.startsWith('-')) throw new PcreError('reference to a group that is not there')
    this.targets.push(absolute)
    const number = /^\d+$/.test(absolute) ? Number(absolute) : this.names.get(absolute)
    return { min: 0, max: Infinity, source: number === undefined ? '' : `(?:\\${number})` }
  }

  /** A quantifier that comes next, or undefined. `{` that starts none is an ordinary character. */
  private quantifier(): { least: number; most: number; source: string } | undefined {
    const found = this.reader.match(/[*+?]|\{ *(\d+) *(, *(\d*) *)?\}|\{ *, *(\d+) *\}/y)
    if (found === undefined) return undefined
    const [sign, first, range, second, upTo] = found
    if (sign === '*') return { least: 0, most: Infinity, source: '*' }
    if (sign === '+') return { least: 1, most: Infinity, source: '+' }
    if (sign === '?') return { least: 0, most: 1, source: '?' }
    const least = Number(first ?? 0)
    const most =
      upTo !== undefined ? Number(upTo) : range === undefined ? least : second === undefined || second === '' ? Infinity : Number(second)
    if (least > 65535 || (most !== Infinity && most > 65535)) throw new PcreError('number too big in {} quantifier')
    if (most < least) throw new PcreError('numbers out of order in {} quantifier')
    return { least, most, source: most === Infinity ? `{${least},}` : `{${least},${most}}` }
  }

  private repeated(part: Part): Part {
    const quantifier = this.quantifier()
    if (quantifier === undefined) return part
    const isLazy = this.reader.skip('?')
    if (!isLazy) this.reader.skip('+')
    const max = part.max === 0 ? 0 : part.max * quantifier.most
    const source = part.source === '' ? '' : `(?:${part.source})${quantifier.source}${isLazy ? '?' : ''}`
    return { min: part.min * quantifier.least, max: Number.isNaN(max) ? 0 : max, source }
  }

  private close<Result>(result: Result): Result {
    if (!this.reader.skip(')')) throw new PcreError('missing closing parenthesis')
    return result
  }

  private group(): { part: Part; isRepeatable: boolean } {
    const { reader } = this
    if (reader.peek() === '*') return this.verb()
    if (!reader.skip('?')) return { part: this.capture(), isRepeatable: true }
    if (reader.skip('#')) {
      reader.until(')')
      return { part: EMPTY, isRepeatable: false }
    }
    for (const [word, build] of this.assertions) {
      if (reader.skip(word)) return { part: build(), isRepeatable: true }
    }
    const name = reader.match(/P?<([A-Za-z_]\w{0,31})>|'([A-Za-z_]\w{0,31})'/y)
    if (name !== undefined) return { part: this.capture(name[1] ?? name[2]), isRepeatable: true }
    if (reader.skip('|') || reader.skip('>') || reader.skip(':')) return { part: this.plainGroup(), isRepeatable: true }
    const called = reader.match(/(R|[+-]?\d+|&([A-Za-z_]\w{0,31})|P>([A-Za-z_]\w{0,31})|P=([A-Za-z_]\w{0,31}))\)/y)
    if (called !== undefined) return { part: this.call(called), isRepeatable: true }
    if (reader.match(/C\d*\)/y) !== undefined) return { part: EMPTY, isRepeatable: false }
    if (reader.skip('(')) return { part: this.conditional(), isRepeatable: true }
    return this.options()
  }

  private readonly assertions: readonly (readonly [word: string, build: () => Part])[] = [
    ['=', () => this.look('?=')],
    ['!', () => this.look('?!')],
    ['<=', () => this.lookbehind('?<=')],
    ['<!', () => this.lookbehind('?<!')],
  ]

  private look(sign: string): Part {
    return this.close({ ...EMPTY, source: `(${sign}${this.alternatives().source})` })
  }

  private lookbehind(sign: string): Part {
    const branches = this.branches()
    if (branches.some(({ max }) => max > MAX_LOOKBEHIND)) throw new PcreError('length of lookbehind assertion is not limited')
    return this.close({ ...EMPTY, source: `(${sign}${either(branches).source})` })
  }

  private capture(name?: string): Part {
    const number = ++this.groups
    if (name !== undefined) {
      if (this.names.has(name) && !this.allowsSameNames) throw new PcreError('two named groups have the same name')
      this.names.set(name, number)
    }
    const inner = this.alternatives()
    return this.close({ ...inner, source: `(${inner.source})` })
  }

  private plainGroup(): Part {
    const inner = this.alternatives()
    return this.close({ ...inner, source: `(?:${inner.source})` })
  }

  private call([, what, byName, byPythonName, reference]: RegExpExecArray): Part {
    if (reference !== undefined) return this.reference(reference)
    const target = byName ?? byPythonName ?? (what === 'R' ? '0' : what)
    if (target !== undefined) this.targets.push(target.replace(/^[+-]\d+$/, '0'))
    return { min: 0, max: Infinity, source: '[\\s\\S]*?' }
  }

  private conditional(): Part {
    const { reader } = this
    const look = reader.match(/\?(?=<?[=!])/y)
    if (look === undefined) {
      const condition = reader.match(/(R\d*|R&\w+|DEFINE|VERSION>?=\d+(?:\.\d+)?|[+-]?\d+|<\w+>|'\w+'|[A-Za-z_]\w*)\)/y)
      if (condition === undefined) throw new PcreError('malformed condition')
      const named = condition[1]?.replace(/[<>']/g, '') ?? ''
      if (!/^(?:R\d*|R&|DEFINE$|VERSION|[+-])/.test(named)) this.targets.push(named)
    } else {
      for (const [word, build] of this.assertions) {
        if (reader.skip(word)) {
          build()
          break
        }
      }
    }
    const branches = this.branches()
    if (branches.length > 2) throw new PcreError('conditional group contains more than two branches')
    const inner = branches.length === 1 ? either([...branches, EMPTY]) : either(branches)
    return this.close({ ...inner, source: `(?:${inner.source})` })
  }

  private options(): { part: Part; isRepeatable: boolean } {
    const { reader } = this
    const isReset = reader.skip('^')
    const letters = reader.match(optionLetters)?.[0] ?? ''
    const end = reader.next()
    if (end !== ')' && end !== ':') throw new PcreError('unrecognized character after (? or (?-')
    const [on = '', off = ''] = letters.split('-')
    const base: Flags = isReset ? { extended: false, dotAll: false, multiline: false } : this.flags
    const has = (letter: string, before: boolean): boolean => (off.includes(letter) ? false : on.includes(letter) || before)
    const flags: Flags = { extended: has('x', base.extended), dotAll: has('s', base.dotAll), multiline: has('m', base.multiline) }
    if (on.includes('i')) this.isCaseless = true
    if (on.includes('J')) this.allowsSameNames = true
    if (end === ')') {
      this.flags = flags
      return { part: EMPTY, isRepeatable: false }
    }
    const outer = this.flags
    this.flags = flags
    const part = this.plainGroup()
    this.flags = outer
    return { part, isRepeatable: true }
  }

  private verb(): { part: Part; isRepeatable: boolean } {
    const { reader } = this
    const assertion = reader.match(
      /\*(?:pla|positive_lookahead|nla|negative_lookahead|plb|positive_lookbehind|nlb|negative_lookbehind|atomic|sr|script_run):/y,
    )
    if (assertion !== undefined) return { part: this.plainGroup(), isRepeatable: true }
    const verb = reader.match(/\*(?:(?:MARK)?:[^)]+|(?:ACCEPT|FAIL|F|COMMIT|PRUNE|SKIP|THEN)(?::[^)]*)?)\)/y)
    if (verb === undefined) throw new PcreError('(*VERB) not recognized or malformed')
    return { part: EMPTY, isRepeatable: false }
  }
}
