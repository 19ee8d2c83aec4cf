import { LuaTable, type LuaKey, type LuaValue } from '@kong-ts/schema/lua'

const DEEPEST = 64

/**
 * A plugin's value as Kong's Lua side gets it. Text becomes the bytes of its UTF-8 form; U+DC80…U+DCFF alone become the bytes 80…FF. Bytes
 * become text, arrays and sets become lists, objects and maps become tables.
 *
 * @throws TypeError for functions, symbols, and tables that contain themselves.
 */
export function toLuaValue(value: unknown, depth = 0): LuaValue {
  switch (typeof value) {
    case 'undefined':
      return undefined
    case 'boolean':
    case 'number':
      return value
    case 'bigint':
      return Number(value)
    case 'string':
      return textToBytes(value)
    case 'object':
      return value === null ? undefined : objectToLua(value, depth)
    default:
      throw new TypeError(`a ${typeof value} cannot be sent to Kong: pass strings, numbers, booleans, bytes, arrays and objects of these`)
  }
}

function objectToLua(value: object, depth: number): LuaValue {
  if (depth >= DEEPEST) throw new TypeError('a value that contains itself, or goes deeper than 64 tables, cannot be sent to Kong')
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value) || value instanceof Set) return LuaTable.list([...value].map((item) => toLuaValue(item, depth + 1)))
  const entries: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value)
  return LuaTable.record([...entries].map(([key, member]) => [textToBytes(String(key)), toLuaValue(member, depth + 1)]))
}

function textToBytes(text: string): string {
  if (!/\p{Surrogate}/u.test(text)) return Buffer.from(text, 'utf8').toString('latin1')
  return [...text]
    .map((char) => {
      const unit = char.charCodeAt(0)
      return char.length === 1 && unit >= 0xdc80 && unit <= 0xdcff
        ? String.fromCharCode(unit - 0xdc00)
        : Buffer.from(char, 'utf8').toString('latin1')
    })
    .join('')
}

/**
 * Kong's value as a plugin gets it. Tables become arrays, or objects without a prototype; text becomes a string, in which U+DC80…U+DCFF stand
 * for bytes that are not UTF-8. nil becomes undefined.
 */
export function fromLuaValue(value: LuaValue): unknown {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return bytesToText(value)
  if (!(value instanceof LuaTable)) return value
  const items = value.asArray()
  if (items) return items.map(fromLuaValue)
  const object: Record<string, unknown> = Object.create(null)
  for (const [key, member] of value) object[keyText(key)] = fromLuaValue(member)
  return object
}

function keyText(key: LuaKey): string {
  return typeof key === 'string' ? bytesToText(key) : String(key)
}

function bytesToText(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8')
  if (!text.includes('\ufffd')) return text
  let out = ''
  for (let at = 0; at < bytes.length; ) {
    const char = utf8At(bytes, at)
    out += char?.text ?? String.fromCharCode(0xdc00 + bytes.charCodeAt(at))
    at += char?.length ?? 1
  }
  return out
}

function utf8At(bytes: string, at: number): { readonly text: string; readonly length: number } | undefined {
  const first = bytes.charCodeAt(at)
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  const raw = Buffer.from(bytes.slice(at, at + length), 'latin1')
  const text = raw.toString('utf8')
  return raw.length === length && Buffer.from(text, 'utf8').equals(raw) ? { text, length } : undefined
}
