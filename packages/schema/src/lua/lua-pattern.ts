import { LuaError } from './lua-error.js'
import { textToBytes } from './lua-text.js'

const ESCAPE = 0x25 // %
const OPEN = 0x28
const CLOSE = 0x29
const STAR = 0x2a
const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const QUESTION = 0x3f
const BRACKET = 0x5b
const BRACKET_END = 0x5d
const CARET = 0x5e
const DOLLAR = 0x24

const MAX_CAPTURES = 32
const MAX_DEPTH = 200
const UNFINISHED = -1
const POSITION = -2

/**
 * A matcher for one Lua pattern, as LuaJIT's `string.match` decides it: unanchored unless the pattern starts with `^`.
 * Pattern and text are Lua text.
 *
 * @returns a function that says whether a text matches.
 * @throws LuaError (from the returned function) when the text makes Lua reach a malformed part of the pattern.
 */
export function createLuaPattern(pattern: string): (text: string) => boolean {
  const bytes = textToBytes(pattern)
  const anchored = bytes[0] === CARET
  return (text) => {
    const subject = textToBytes(text)
    const match = new LuaMatch(subject, bytes)
    for (let from = 0; from <= subject.length; from++) {
      match.reset()
      if (match.run(from, anchored ? 1 : 0) >= 0) {
        match.checkCaptures()
        return true
      }
      if (anchored) return false
    }
    return false
  }
}

/** Index behind the item for one character that starts at `at`. */
function itemEnd(pattern: Uint8Array, at: number): number {
  const first = pattern[at]
  let next = at + 1
  if (first === ESCAPE) {
    if (!pattern[next]) throw new LuaError("malformed pattern (ends with '%')")
    return next + 1
  }
  if (first !== BRACKET) return next
  if (pattern[next] === CARET) next++
  do {
    const byte = pattern[next]
    if (!byte) throw new LuaError("malformed pattern (missing ']')")
    next++
    if (byte === ESCAPE && pattern[next]) next++
  } while (pattern[next] !== BRACKET_END)
  return next + 1
}

/** Whether a byte is in the set `[…]` whose brackets are at `open` and `close`. */
function isInSet(pattern: Uint8Array, byte: number, open: number, close: number): boolean {
  let at = open
  const wanted = pattern[at + 1] !== CARET
  if (!wanted) at++
  while (++at < close) {
    const item = pattern[at] ?? 0
    if (item === ESCAPE) {
      at++
      if (isInByteClass(byte, pattern[at] ?? 0)) return wanted
    } else if (pattern[at + 1] === MINUS && at + 2 < close) {
      at += 2
      if (item <= byte && byte <= (pattern[at] ?? 0)) return wanted
    } else if (item === byte) {
      return wanted
    }
  }
  return !wanted
}

/** One try of a pattern against a subject. Returns the end of the match, or -1. */
class LuaMatch {
  readonly #subject: Uint8Array
  readonly #pattern: Uint8Array
  readonly #starts: number[] = []
  readonly #lengths: number[] = []
  #depth = 0

  constructor(subject: Uint8Array, pattern: Uint8Array) {
    this.#subject = subject
    this.#pattern = pattern
  }

  reset(): void {
    this.#starts.length = 0
    this.#lengths.length = 0
    this.#depth = 0
  }

  /** Lua returns every capture after a match, and raises when one was never closed. */
  checkCaptures(): void {
    if (this.#lengths.includes(UNFINISHED)) throw new LuaError('unfinished capture')
  }

  run(from: number, at: number): number {
    if (++this.#depth > MAX_DEPTH) throw new LuaError('pattern too complex')
    const end = this.#items(from, at)
    this.#depth--
    return end
  }

  #items(from: number, at: number): number {
    const subject = this.#subject
    const pattern = this.#pattern
    let s = from
    let p = at
    for (;;) {
      const first = pattern[p]
      if (!first) return s
      if (first === OPEN) {
        return pattern[p + 1] === CLOSE ? this.#openCapture(s, p + 2, POSITION) : this.#openCapture(s, p + 1, UNFINISHED)
      }
      if (first === CLOSE) return this.#closeCapture(s, p + 1)
      if (first === DOLLAR && !pattern[p + 1]) return s === subject.length ? s : -1
      if (first === ESCAPE) {
        const letter = pattern[p + 1] ?? 0
        if (letter === 0x62) {
          s = this.#balanced(s, p + 2)
          if (s < 0) return -1
          p += 4
          continue
        }
        if (letter === 0x66) {
          p += 2
          if (pattern[p] !== BRACKET) throw new LuaError("missing '[' after '%f' in pattern")
          const end = itemEnd(pattern, p)
          const before = s === 0 ? 0 : (subject[s - 1] ?? 0)
          if (isInSet(pattern, before, p, end - 1) || !isInSet(pattern, subject[s] ?? 0, p, end - 1)) return -1
          p = end
          continue
        }
        if (isDigit(letter)) {
          s = this.#backReference(s, letter)
          if (s < 0) return -1
          p += 2
          continue
        }
      }
      const end = itemEnd(pattern, p)
      const suffix = pattern[end]
      if (suffix === QUESTION) {
        if (this.#single(s, p, end)) {
          const rest = this.run(s + 1, end + 1)
          if (rest >= 0) return rest
        }
        p = end + 1
      } else if (suffix === STAR) {
        return this.#greedy(s, p, end, 0)
      } else if (suffix === PLUS) {
        return this.#single(s, p, end) ? this.#greedy(s, p, end, 1) : -1
      } else if (suffix === MINUS) {
        return this.#lazy(s, p, end)
      } else {
        if (!this.#single(s, p, end)) return -1
        s++
        p = end
      }
    }
  }

  #single(s: number, p: number, end: number): boolean {
    const byte = this.#subject[s]
    if (byte === undefined) return false
    const item = this.#pattern[p]
    if (item === DOT) return true
    if (item === ESCAPE) return isInByteClass(byte, this.#pattern[p + 1] ?? 0)
    return item === BRACKET ? isInSet(this.#pattern, byte, p, end - 1) : item === byte
  }

  #greedy(from: number, p: number, end: number, least: number): number {
    let count = least
    while (this.#single(from + count, p, end)) count++
    for (; count >= least; count--) {
      const rest = this.run(from + count, end + 1)
      if (rest >= 0) return rest
    }
    return -1
  }

  #lazy(from: number, p: number, end: number): number {
    for (let s = from; ; s++) {
      const rest = this.run(s, end + 1)
      if (rest >= 0) return rest
      if (!this.#single(s, p, end)) return -1
    }
  }

  #openCapture(s: number, p: number, kind: number): number {
    if (this.#starts.length >= MAX_CAPTURES) throw new LuaError('too many captures')
    this.#starts.push(s)
    this.#lengths.push(kind)
    const end = this.run(s, p)
    if (end < 0) {
      this.#starts.pop()
      this.#lengths.pop()
    }
    return end
  }

  #closeCapture(s: number, p: number): number {
    const index = this.#lengths.lastIndexOf(UNFINISHED)
    if (index < 0) throw new LuaError('invalid pattern capture')
    this.#lengths[index] = s - (this.#starts[index] ?? 0)
    const end = this.run(s, p)
    if (end < 0) this.#lengths[index] = UNFINISHED
    return end
  }

  #backReference(s: number, digit: number): number {
    const index = digit - 0x31
    const start = this.#starts[index]
    const length = this.#lengths[index]
    if (start === undefined || length === undefined || length === UNFINISHED) throw new LuaError('invalid capture index')
    if (length < 0) return -1
    for (let offset = 0; offset < length; offset++) if (this.#subject[s + offset] !== this.#subject[start + offset]) return -1
    return s + length
  }

  #balanced(s: number, p: number): number {
    const open = this.#pattern[p]
    const close = this.#pattern[p + 1]
    if (!open || !close) throw new LuaError('unbalanced pattern')
    if (this.#subject[s] !== open) return -1
    let nesting = 1
    for (let at = s + 1; at < this.#subject.length; at++) {
      const byte = this.#subject[at]
      if (byte === close) {
        if (--nesting === 0) return at + 1
      } else if (byte === open) {
        nesting++
      }
    }
    return -1
  }
}

const classes: ReadonlyMap<number, (byte: number) => boolean> = new Map(
  Object.entries({
    a: isAlpha,
    c: (byte: number) => byte < 0x20 || byte === 0x7f,
    d: isDigit,
    g: isGraph,
    l: isLower,
    p: (byte: number) => isGraph(byte) && !isAlpha(byte) && !isDigit(byte),
    s: (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d),
    u: isUpper,
    w: (byte: number) => isAlpha(byte) || isDigit(byte),
    x: (byte: number) => isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66),
    z: (byte: number) => byte === 0,
  }).map(([letter, test]) => [letter.charCodeAt(0), test]),
)

/** Whether a byte belongs to the class that `%` and `letter` name. An upper-case letter negates; any other character means itself. */
function isInByteClass(byte: number, letter: number): boolean {
  const test = classes.get(letter | 0x20)
  if (test === undefined || !isAlpha(letter)) return byte === letter
  return isLower(letter) ? test(byte) : !test(byte)
}

function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}

function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isAlpha(byte: number): boolean {
  return isUpper(byte) || isLower(byte)
}

function isGraph(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f
}
