import { BlockList, isIP } from 'node:net'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'

/** The strings of an array or set field; none when the field is not set. */
export function textItems(value: LuaValue): string[] {
  if (!(value instanceof LuaTable)) return []
  return [...value.items()].filter((item) => typeof item === 'string')
}

/** True where Lua takes the value for true. */
export function isTrue(value: LuaValue): boolean {
  return value !== undefined && value !== false
}

/** A Host header, or an entry of a route's `hosts`, split at its first colon when a number follows. */
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
 * Tells whether a request's host matches one entry of a route's `hosts`: a name, with one wildcard at either end, with or without a port.
 * Upper and lower case differ.
 */
export function matchHost(pattern: HostAndPort, asked: { readonly host: string; readonly port: number }): boolean {
  if (pattern.port !== undefined && pattern.port !== asked.port) return false
  if (pattern.host.startsWith('*')) return asked.host.endsWith(pattern.host.slice(1))
  if (pattern.host.endsWith('*')) return asked.host.startsWith(pattern.host.slice(0, -1))
  return pattern.host === asked.host
}

/** Tells whether a TLS server name matches an entry of `snis`: a name, or one wildcard at either end. Upper and lower case differ. */
export function matchServerName(pattern: string, name: string): boolean {
  if (pattern.endsWith('*') && !pattern.startsWith('*')) return name.startsWith(pattern.slice(0, -1))
  const plain = pattern.length > 1 && pattern.endsWith('.') ? pattern.slice(0, -1) : pattern
  return plain.startsWith('*') ? name.endsWith(plain.slice(1)) : name === plain
}

/**
 * Tells whether one end of a connection matches `sources` or `destinations` of a route. Entries are `{ ip, port }`, each of them optional;
 * an ip may be a range. A list without entries matches everything.
 */
export function matchAddress(list: LuaValue, end: { readonly ip: string; readonly port: number | undefined }): boolean {
  if (!(list instanceof LuaTable) || list.size === 0) return true
  return [...list.items()].some((entry) => {
    if (!(entry instanceof LuaTable)) return false
    const ip = entry.get('ip')
    const port = entry.get('port')
    return (typeof ip !== 'string' || contains(ip, end.ip)) && (typeof port !== 'number' || port === end.port)
  })
}

function contains(range: string, ip: string): boolean {
  const [network = '', bits] = range.split('/')
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  if (bits === undefined) list.addAddress(network, family)
  else list.addSubnet(network, Number(bits), family)
  return list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4')
}
