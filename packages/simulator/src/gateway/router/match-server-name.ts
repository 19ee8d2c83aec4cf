/** Tells whether a TLS server name fits one entry of a route's `snis`: plain, or with one wildcard at either end. Letter case counts. */
export function matchServerName(pattern: string, name: string): boolean {
  if (pattern.endsWith('*') && !pattern.startsWith('*')) return name.startsWith(pattern.slice(0, -1))
  const plain = pattern.length > 1 && pattern.endsWith('.') ? pattern.slice(0, -1) : pattern
  return plain.startsWith('*') ? name.endsWith(plain.slice(1)) : name === plain
}
