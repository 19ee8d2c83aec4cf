import { luaToNumber } from './lua-number.js'
import { toLuaText } from './lua-text.js'
import { LuaTable, type LuaValue } from './lua-table.js'

const DEEPEST = 1000
/** What C's strtod reads. Only behind a sign may a number begin with a point. */
const NUMBER =
  /(?:[+-](?=[.\din])|(?=[\din]))(0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)(?:p[+-]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)/iy
const BLANKS = /[ \t\r\n]*/y
const PLAIN_ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/**
 * Decodes JSON text (bytes) as Kong's cjson does: more liberal than the standard (hexadecimal and infinite numbers, raw control characters).
 * Arrays carry cjson's array mark; null becomes cjson's null. undefined when the text is not JSON.
 */
export function decodeJson(text: string): { readonly value: LuaValue } | undefined {
  try {
    return { value: new Decoder(text).document() }
  } catch (error) {
    if (error instanceof NotJson) return undefined
    throw error
  }
}

class NotJson extends Error {}

class Decoder {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): LuaValue {
    // cjson refuses UTF-16 and UTF-32, which have a zero byte here.
    if (this.#text.length >= 2 && this.#text.slice(0, 2).includes('\0')) throw new NotJson()
    const value = this.#value(1)
    this.#blanks()
    // A zero byte ends the text; what follows is ignored.
    if (this.#at < this.#text.length && this.#text[this.#at] !== '\0') throw new NotJson()
    return value
  }

  #value(depth: number): LuaValue {
    this.#blanks()
    const first = this.#text[this.#at]
    if (depth > DEEPEST && (first === '{' || first === '[')) throw new NotJson()
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"') return this.#string()
    if (this.#word('true')) return true
    if (this.#word('false')) return false
    if (this.#word('null')) return null
    return this.#number()
  }

  #object(depth: number): LuaTable {
    const table = new LuaTable()
    this.#at++
    this.#blanks()
    if (this.#take('}')) return table
    do {
      this.#blanks()
      const key = this.#string()
      this.#blanks()
      this.#expect(':')
      table.set(key, this.#value(depth + 1))
      this.#blanks()
    } while (this.#take(','))
    this.#expect('}')
    return table
  }

  #array(depth: number): LuaTable {
    const items: LuaValue[] = []
    this.#at++
    this.#blanks()
    if (this.#take(']')) return LuaTable.list(items, 'array')
    do {
      items.push(this.#value(depth + 1))
      this.#blanks()
    } while (this.#take(','))
    this.#expect(']')
    return LuaTable.list(items, 'array')
  }

  #string(): string {
    this.#expect('"')
    let out = ''
    for (;;) {
      const char = this.#text[this.#at++]
      if (char === undefined || char === '\0') throw new NotJson()
      if (char === '"') return out
      out += char === '\\' ? this.#escape() : char
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++] ?? ''
    const plain = PLAIN_ESCAPES[char]
    if (plain !== undefined) return plain
    if (char !== 'u') throw new NotJson()
    const unit = this.#unit()
    if (unit < 0xd800 || unit > 0xdfff) return toLuaText(String.fromCharCode(unit))
    if (unit > 0xdbff || this.#text.slice(this.#at, this.#at + 2) !== '\\u') throw new NotJson()
    this.#at += 2
    const low = this.#unit()
    if (low < 0xdc00 || low > 0xdfff) throw new NotJson()
    return toLuaText(String.fromCharCode(unit, low))
  }

  #unit(): number {
    const digits = this.#text.slice(this.#at, this.#at + 4)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new NotJson()
    this.#at += 4
    return Number.parseInt(digits, 16)
  }

  #number(): number {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (!match) throw new NotJson()
    this.#at = NUMBER.lastIndex
    const value = luaToNumber(match[1])
    if (value === undefined) throw new NotJson()
    return match[0].startsWith('-') ? -value : value
  }

  #blanks(): void {
    BLANKS.lastIndex = this.#at
    BLANKS.exec(this.#text)
    this.#at = BLANKS.lastIndex
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #expect(char: string): void {
    if (!this.#take(char)) throw new NotJson()
  }
}
