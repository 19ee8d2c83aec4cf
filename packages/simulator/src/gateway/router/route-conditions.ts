import { BlockList, isIP } from 'node:net'
import { LuaTable, type LuaValue, toLuaText } from '@kong-ts/schema/lua'
import type { RouteMatch } from '../../model/index.js'

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

/** The part of a request's path that a route's path matches. It has captures when a group matched. */
export interface PathMatch {
  readonly matched: string
  readonly captures?: NonNullable<RouteMatch['captures']>
}

export type PathMatcher = (path: string) => PathMatch | undefined

/**
 * Makes the matcher of one entry of a route's `paths`: a prefix, or after `~` a regular expression that must match from the start.
 * @throws SyntaxError when the expression is not valid.
 */
export function createPathMatcher(path: string): PathMatcher {
  if (!path.startsWith('~')) return (requested) => (requested.startsWith(path) ? { matched: path } : undefined)
  // Without a group around it, only the first of several alternatives must match from the start, as in Kong.
  const pattern = new RegExp(`^${toJavaScript(path.slice(1))}`, 'u')
  return (requested) => {
    const found = pattern.exec(requested)
    if (found === null) return undefined
    const hasGroup = found.some((text, index) => index > 0 && text !== undefined)
    if (!hasGroup) return { matched: found[0] }
    const named = Object.entries(found.groups ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const captures = {
      unnamed: [...found].map((text) => (text === undefined ? undefined : toLuaText(text))),
      named: new Map(named.map(([name, text]) => [name, toLuaText(text)])),
    }
    return { matched: found[0], captures }
  }
}

/**
 * Kong's regular expressions are Rust's: named groups may be `(?P<name>…)`, and characters may be escaped that JavaScript's strict mode
 * does not allow to escape.
 */
function toJavaScript(pattern: string): string {
  return pattern.replaceAll('(?P<', '(?<').replace(/\\([#&~%"'`<>@=:;!,\s-])/g, (_, char: string) => (char === '-' ? '\\x2d' : char))
}
