import type { FieldAttributes } from '../definition/field-definition.js'
import type { JsonValue } from '../schema/kong-schema.js'

/** What a value breaks of its attributes, in words that follow the path; `undefined` when nothing. Kong reports the first only, and so do we. */
export function brokenAttribute(attributes: FieldAttributes, value: unknown): string | undefined {
  const { one_of: oneOf, not_one_of: notOneOf, between, gt, len_eq: lenEq, len_min: lenMin, len_max: lenMax } = attributes
  if (Array.isArray(notOneOf) && notOneOf.includes(value as JsonValue)) return `must be none of ${notOneOf.join(', ')}`
  if (Array.isArray(oneOf) && !oneOf.includes(value as JsonValue)) return `must be one of ${oneOf.join(', ')}`
  if (typeof gt === 'number' && typeof value === 'number' && value <= gt) return `must be greater than ${gt}`
  if (Array.isArray(between) && typeof value === 'number') {
    const [min, max]: readonly unknown[] = between
    if (typeof min === 'number' && typeof max === 'number' && (value < min || value > max)) return `must be between ${min} and ${max}`
  }
  const length = lengthOf(value)
  if (length === undefined) return undefined
  if (typeof value === 'string' && length === 0 && lenMin !== 0) return 'must not be empty'
  if (typeof lenEq === 'number' && length !== lenEq) return `must have length ${lenEq}`
  if (typeof lenMin === 'number' && length < lenMin) return `must have length ${lenMin} or more`
  if (typeof lenMax === 'number' && length > lenMax) return `must have length ${lenMax} or less`
  return undefined
}

/** Kong counts the bytes of text, and the elements of anything else. */
function lengthOf(value: unknown): number | undefined {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (Array.isArray(value)) return value.length
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined
}
