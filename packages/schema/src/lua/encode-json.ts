import { formatSignificant } from './lua-number.js'
import type { LuaKey, LuaTable, LuaValue } from './lua-value.js'

/** Why a value has no JSON text, in the words of cjson. */
export class JsonEncodeError extends Error {
  override readonly name = 'JsonEncodeError'
}

const DEEPEST = 1000

/** JSON text (bytes) of a value as Kong's cjson writes it: an empty table is `{}`, `/` is escaped, bytes are passed through. */
export function encodeJson(value: LuaValue): string {
  return encodeAt(value, 1)
}

function encodeAt(value: LuaValue, depth: number): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return numberText(value)
  if (value instanceof Uint8Array) return quote(Buffer.from(value).toString('latin1'))
  if (depth > DEEPEST) throw new JsonEncodeError(`Cannot serialise, excessive depth (${depth})`)
  return tableText(value, depth)
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new JsonEncodeError('Cannot serialise number: must not be NaN or Infinity')
  return formatSignificant(value, 16)
}

function tableText(table: LuaTable, depth: number): string {
  const length = arrayLength(table)
  if (length !== undefined && (length > 0 || table.kind === 'array')) {
    const items: string[] = []
    for (let index = 1; index <= length; index++) items.push(encodeAt(table.get(index), depth + 1))
    return `[${items.join(',')}]`
  }
  const members = [...table].map(([key, value]) => `"${keyText(key)}":${encodeAt(value, depth + 1)}`)
  return `{${members.join(',')}}`
}

/** The highest key when all keys are positive integers; holes are filled with null. */
function arrayLength(table: LuaTable): number | undefined {
  let highest = 0
  for (const [key] of table) {
    if (typeof key !== 'number' || !Number.isInteger(key) || key <= 0) return undefined
    highest = Math.max(highest, key)
  }
  return highest
}

function keyText(key: LuaKey): string {
  if (typeof key === 'string') return quote(key).slice(1, -1)
  if (typeof key === 'number') return numberText(key)
  throw new JsonEncodeError('Cannot serialise table: table key must be a number or string')
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
