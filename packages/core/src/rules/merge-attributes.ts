import type { FieldAttributes } from '../definition/field-definition.js'
import type { JsonValue } from '@kong-ts/schema'

/**
 * Both sets of attributes at once, so that a value must pass both: ranges and lengths are narrowed (`@Min(1) @Max(500)` become one
 * `between: [1, 500]`), lists of values intersected, patterns collected.
 *
 * @returns `undefined` when one schema cannot say both.
 */
export function mergeAttributes(one: FieldAttributes, other: FieldAttributes): FieldAttributes | undefined {
  const merged: Record<string, JsonValue> = { ...one }
  for (const [name, value] of Object.entries(other)) {
    const present = merged[name]
    if (present === undefined) merged[name] = value
    else if (!mergeInto(merged, name, present, value)) return undefined
  }
  return merged
}

/** Where a second pattern goes, since `match` and `not_match` hold one. */
const PATTERN_LISTS: Readonly<Record<string, string>> = { match: 'match_all', not_match: 'match_none' }

function mergeInto(merged: Record<string, JsonValue>, name: string, present: JsonValue, value: JsonValue): boolean {
  if (JSON.stringify(present) === JSON.stringify(value)) return true
  const list = PATTERN_LISTS[name]
  if (list !== undefined) {
    merged[list] = [...listOf(merged[list]), { pattern: value }]
    return true
  }
  const both = mergedValue(name, present, value)
  if (both === undefined) return false
  merged[name] = both
  return true
}

function mergedValue(name: string, present: JsonValue, value: JsonValue): JsonValue | undefined {
  switch (name) {
    case 'between':
      return isRange(present) && isRange(value) ? nonEmptyRange(Math.max(present[0], value[0]), Math.min(present[1], value[1])) : undefined
    case 'gt':
    case 'len_min':
      return typeof present === 'number' && typeof value === 'number' ? Math.max(present, value) : undefined
    case 'len_max':
      return typeof present === 'number' && typeof value === 'number' ? Math.min(present, value) : undefined
    case 'one_of': {
      const common = listOf(present).filter((item) => listOf(value).includes(item))
      return common.length === 0 ? undefined : common
    }
    case 'not_one_of':
      return [...new Set([...listOf(present), ...listOf(value)])]
    case 'match_all':
    case 'match_none':
      return [...listOf(present), ...listOf(value)]
    default:
      return undefined
  }
}

function nonEmptyRange(min: number, max: number): JsonValue | undefined {
  return min <= max ? [min, max] : undefined
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function isRange(value: JsonValue): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((bound) => typeof bound === 'number')
}
