/** A value in an error text: short, in JSON, and only its type where the field holds a secret. */
export function describeValue(value: unknown, secret: boolean): string {
  if (secret) return `a secret ${Array.isArray(value) ? 'list' : typeof value}`
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
