import { LuaError } from './lua-error.js'
import { formatNumber } from './lua-number.js'
import type { LuaKey, LuaTable, LuaValue } from './lua-table.js'
import { bytesToText } from './lua-text.js'

/** In what cjson texts may differ. */
export interface JsonEncoding {
  /** Significant digits of numbers: 16, or 14 before Kong 3.6. Default 16. */
  readonly digits?: 14 | 16
  /** Sorts the keys of objects by bytes, where cjson follows hash order. Default false: keys come in the table's order. */
  readonly sortsKeys?: boolean
}

const DEEPEST = 1000

/**
 * JSON text (bytes) of a value as Kong's cjson writes it: an empty table is `{}`, `/` is escaped, bytes are passed through.
 *
 * @throws LuaError in cjson's words for infinite numbers, tables nested more than 1,000 deep and keys that are neither text nor number.
 */
export function encodeJson(value: LuaValue, { digits = 16, sortsKeys = false }: JsonEncoding = {}): string {
  return new Encoder(digits, sortsKeys).value(value, 1)
}

class Encoder {
  readonly #digits: number
  readonly #sortsKeys: boolean

  constructor(digits: number, sortsKeys: boolean) {
    this.#digits = digits
    this.#sortsKeys = sortsKeys
  }

  value(value: LuaValue, depth: number): string {
    if (value === undefined || value === null) return 'null'
    if (typeof value === 'boolean') return String(value)
    if (typeof value === 'string') return quote(value)
    if (typeof value === 'number') return this.#number(value)
    if (value instanceof Uint8Array) return quote(bytesToText(value))
    if (depth > DEEPEST) throw new LuaError(`Cannot serialise, excessive depth (${depth})`)
    return this.#table(value, depth)
  }

  #number(value: number): string {
    if (!Number.isFinite(value)) throw new LuaError('Cannot serialise number: must not be NaN or Infinity')
    return formatNumber(value, this.#digits)
  }

  #table(table: LuaTable, depth: number): string {
    const length = arrayLength(table)
    if (length !== undefined && (length > 0 || table.kind === 'array')) {
      const items: string[] = []
      for (let index = 1; index <= length; index++) items.push(this.value(table.get(index), depth + 1))
      return `[${items.join(',')}]`
    }
    const entries = table.entries()
    if (this.#sortsKeys) entries.sort(([left], [right]) => (String(left) < String(right) ? -1 : 1))
    return `{${entries.map(([key, member]) => `"${this.#key(key)}":${this.value(member, depth + 1)}`).join(',')}}`
  }

  #key(key: LuaKey): string {
    if (typeof key === 'string') return quote(key).slice(1, -1)
    if (typeof key === 'number') return this.#number(key)
    throw new LuaError('Cannot serialise table: table key must be a number or string')
  }
}

/** The highest key when all keys are positive integers; cjson fills holes with null. */
export function arrayLength(table: LuaTable): number | undefined {
  if (table.isSequence) return table.size
  let highest = 0
  for (const [key] of table) {
    if (typeof key !== 'number' || !Number.isInteger(key) || key <= 0) return undefined
    highest = Math.max(highest, key)
  }
  return highest
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

function quote(text: string): string {
  return `"${text.replace(/["\\/\x00-\x1f\x7f]/g, (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}
