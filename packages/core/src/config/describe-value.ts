import type { FieldAttributes } from '../definition/field-definition.js'

/** A value in an error text: short, in JSON, and only its type where the field holds a secret. */
export function describeValue(value: unknown, attributes: FieldAttributes): string {
  if (isSecret(attributes)) return `a secret ${typeof value}`
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** Values of such fields are never printed. */
function isSecret(attributes: FieldAttributes): boolean {
  return attributes['encrypted'] === true || attributes['referenceable'] === true
}
