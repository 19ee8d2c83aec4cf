/**
 * Tells whether a Host header fits one entry of a route's `hosts`: plain, with one wildcard at either end, with or without a port.
 * @param pattern in lower case.
 */
export function matchHost(pattern: string, header: string): boolean {
  const wanted = splitPort(pattern)
  const got = splitPort(header.toLowerCase())
  if (wanted.port !== undefined && wanted.port !== got.port) return false
  if (wanted.host.startsWith('*')) return got.host.endsWith(wanted.host.slice(1)) && got.host.length > wanted.host.length - 1
  if (wanted.host.endsWith('*')) return got.host.startsWith(wanted.host.slice(0, -1)) && got.host.length > wanted.host.length - 1
  return wanted.host === got.host
}

function splitPort(text: string): { host: string; port: string | undefined } {
  const [, host = text, port] = /^(.*[^:\]]|\[.*\]):(\d+)$/.exec(text) ?? []
  return { host, port }
}
