/** A Host header, or an entry of a route's `hosts`, cut at its first colon when a number follows. */
export interface HostAndPort {
  readonly host: string
  readonly port: number | undefined
}

export function splitHost(text: string): HostAndPort {
  const at = text.indexOf(':')
  const port = at < 0 || !/^\s*\d+\s*$/.test(text.slice(at + 1)) ? undefined : Number(text.slice(at + 1))
  return port === undefined ? { host: text, port } : { host: text.slice(0, at), port }
}

/**
 * Tells whether a request's host fits one entry of a route's `hosts`: plain, with one wildcard at either end, with or without a port.
 * Letter case counts.
 */
export function matchHost(pattern: HostAndPort, asked: { readonly host: string; readonly port: number }): boolean {
  if (pattern.port !== undefined && pattern.port !== asked.port) return false
  if (pattern.host.startsWith('*')) return asked.host.endsWith(pattern.host.slice(1))
  if (pattern.host.endsWith('*')) return asked.host.startsWith(pattern.host.slice(0, -1))
  return pattern.host === asked.host
}
