import { luaNumberText } from './lua-number.js'
import { luaToString } from './lua-text.js'
import { LuaTable, type LuaKey, type LuaValue } from './lua-table.js'

/** A value as the Lua library `inspect` prints it: texts in quotes; of a table first the list part, then the other keys in order. */
export function inspectValue(value: LuaValue): string {
  return render(value, 0)
}

function render(value: LuaValue, depth: number): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return luaNumberText(value)
  if (!(value instanceof LuaTable)) return luaToString(value)
  const items = [...value.items()]
  const others = [...value].filter(([key]) => !(typeof key === 'number' && Number.isInteger(key) && key >= 1 && key <= items.length))
  if (items.length === 0 && others.length === 0) return '{}'
  const indent = '  '.repeat(depth + 1)
  const list = items.map((item) => ` ${render(item, depth + 1)}`)
  const rest = others
    .sort(([left], [right]) => compareKeys(left, right))
    .map(([key, item]) => `\n${indent}${keyText(key)} = ${render(item, depth + 1)}`)
  const end = others.length > 0 ? `\n${'  '.repeat(depth)}}` : ' }'
  return `{${[...list, ...rest].join(',')}${end}`
}

function keyText(key: LuaKey): string {
  return typeof key === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : `[${render(key, 0)}]`
}

function compareKeys(left: LuaKey, right: LuaKey): number {
  if (typeof left === typeof right && (typeof left === 'string' || typeof left === 'number')) return left < right ? -1 : 1
  const rank = (key: LuaKey): number => ['number', 'boolean', 'string'].indexOf(typeof key)
  return rank(left) - rank(right)
}

function quote(text: string): string {
  const escaped = text.replace(/\\/g, '\\\\').replace(/[\x00-\x1f\x7f]/g, (char) => CONTROL[char] ?? `\\${char.charCodeAt(0)}`)
  return escaped.includes('"') && !escaped.includes("'") ? `'${escaped}'` : `"${escaped.replaceAll('"', '\\"')}"`
}

const CONTROL: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}
