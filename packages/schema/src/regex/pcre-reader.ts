/** A pattern that PCRE does not compile. */
export class PcreError extends Error {}

/** Reads a pattern from left to right. */
export class PcreReader {
  at = 0

  constructor(readonly text: string) {}

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
    if (stop < 0) throw new PcreError(`missing ${end}`)
    const inner = this.text.slice(this.at, stop)
    this.at = stop + end.length
    return inner
  }
}
