/** A pattern that every PCRE in question refuses to compile. */
export class PcreInvalid extends Error {}

/** A pattern with something in it about which kong-ts cannot be sure. */
export class PcreUnknown extends Error {}

/** Reads a pattern from left to right. */
export class PcreReader {
  at = 0
  /** Whether PCRE2 10.42 to 10.44 compiles the pattern; else PCRE 8.45 may do it. */
  readonly isPcre2: boolean
  /** Whether the pattern is in UTF mode, where characters are not bytes. */
  isUtf = false
  text: string

  constructor(text: string, isPcre2: boolean) {
    this.text = text
    this.isPcre2 = isPcre2
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  peek(): string {
    return this.text.charAt(this.at)
  }

  next(): string {
    return this.text.charAt(this.at++)
  }

  /** Moves behind `word` if it comes next. */
  skip(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  /** Moves behind what a sticky expression finds here. */
  match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at
    const found = expression.exec(this.text)
    if (found === null) return undefined
    this.at = expression.lastIndex
    return found
  }

  /** The text up to `end`, which must come. */
  until(end: string): string {
    const stop = this.text.indexOf(end, this.at)
    if (stop < 0) throw new PcreInvalid(`missing ${end}`)
    const inner = this.text.slice(this.at, stop)
    this.at = stop + end.length
    return inner
  }

  /** Refuses what PCRE2 refuses; PCRE 8.45 may take it, so without PCRE2 nothing is known. */
  refusedByPcre2(text: string): never {
    throw this.isPcre2 ? new PcreInvalid(text) : new PcreUnknown(text)
  }

  /** Passes what PCRE2 takes; PCRE 8.45 may refuse it, so without PCRE2 nothing is known. */
  takenByPcre2(text: string): void {
    if (!this.isPcre2) throw new PcreUnknown(text)
  }
}

/** Settings for a whole pattern, in front of it, that every PCRE knows. */
const LEADING_OPTION = new RegExp(
  `\\(\\*(?:${[
    'UTF8?|UCP|CR|LF|CRLF|ANY|ANYCRLF|BSR_ANYCRLF|BSR_UNICODE',
    'NO_(?:AUTO_POSSESS|START_OPT)',
    'LIMIT_(?:MATCH|RECURSION)=\\d{1,9}',
  ].join('|')})\\)`,
  'y',
)
/** Those of PCRE2. */
const LEADING_OPTION_2 = /\(\*(?:NUL|NOTEMPTY(?:_ATSTART)?|NO_(?:DOTSTAR_ANCHOR|JIT)|LIMIT_(?:DEPTH|HEAP)=\d{1,9})\)/y
/** Those of later versions. */
const LEADING_OPTION_LATER = /\(\*(?:CASELESS_RESTRICT|TURKISH_CASING)\)/y

/**
 * Reads the options in front of a pattern, such as `(*UTF)`, and sets the reader to UTF mode if they ask for it.
 *
 * @returns whether there are any.
 * @throws PcreUnknown for options that not every PCRE in question knows.
 */
export function readLeadingOptions(reader: PcreReader): boolean {
  const start = reader.at
  for (;;) {
    const option = reader.match(LEADING_OPTION)?.[0]
    // PCRE2 renamed (*UTF8) to (*UTF).
    if (option === '(*UTF8)') throw new PcreUnknown(option)
    if (option === '(*UTF)') reader.isUtf = true
    if (option !== undefined) continue
    if (reader.match(LEADING_OPTION_LATER) !== undefined) throw new PcreUnknown('option of a later PCRE2')
    if (reader.match(LEADING_OPTION_2) === undefined) return reader.at > start
    reader.takenByPcre2('leading option')
  }
}
