import { hasLoneSurrogates } from '../protocol/lone-surrogates.js'
import { encodeEscapedText } from '../protocol/text-decoder.js'

const MAX_DEPTH = 64

/**
 * What a value is for Kong, in a form that the MessagePack library encodes as it is meant: `Map` and `Set` become a table and an array, text with
 * escaped bytes becomes bytes, members without a value vanish.
 *
 * @throws TypeError for functions, symbols, and tables that contain themselves.
 */
export function toKongValue(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return hasLoneSurrogates(value) ? encodeEscapedText(value) : value
    case 'bigint':
      return Number(value)
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof value} cannot be sent to Kong: pass strings, numbers, booleans, bytes, arrays and objects of these`)
    case 'object':
      return value === null ? value : tableValue(value, depth)
    default:
      return value
  }
}

function tableValue(value: object, depth: number): unknown {
  if (depth >= MAX_DEPTH) throw new TypeError('a value that contains itself, or goes deeper than 64 tables, cannot be sent to Kong')
  if (value instanceof Uint8Array) return value
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, (element: unknown) => toKongValue(element, depth + 1))
  const entries = value instanceof Map ? value : Object.entries(value)
  const table: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [key, member] of entries) if (member !== undefined) table[String(key)] = toKongValue(member, depth + 1)
  return table
}
