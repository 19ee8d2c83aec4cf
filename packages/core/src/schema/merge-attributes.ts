import type { FieldAttributes } from '../definition/field-definition.js'
import type { JsonValue } from './kong-schema.js'

/**
 * Both sets of attributes at once. Ranges and lengths are narrowed to what both allow, so that `@Min(1) @Max(500)` become one
 * `between: [1, 500]`; anything else said twice keeps the later word.
 */
export function mergeAttributes(earlier: FieldAttributes, later: FieldAttributes): FieldAttributes {
  const merged: Record<string, JsonValue> = { ...earlier }
  for (const [name, value] of Object.entries(later)) merged[name] = narrow(name, earlier[name], value)
  return merged
}

function narrow(name: string, earlier: JsonValue | undefined, later: JsonValue): JsonValue {
  if (name === 'between' && isRange(earlier) && isRange(later)) return [Math.max(earlier[0], later[0]), Math.min(earlier[1], later[1])]
  if (typeof earlier === 'number' && typeof later === 'number') {
    if (name === 'len_min' || name === 'gt') return Math.max(earlier, later)
    if (name === 'len_max') return Math.min(earlier, later)
  }
  return later
}

function isRange(value: JsonValue | undefined): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((bound) => typeof bound === 'number')
}
