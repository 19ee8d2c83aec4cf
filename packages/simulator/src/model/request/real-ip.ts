import { isIP } from 'node:net'
import type { SocketAddress } from '../http/messages.js'
import type { KongSettings } from '../node/kong-node.js'
import type { TrustedAddresses } from '../net/trusted-addresses.js'
import type { RequestHeaders } from './request-headers.js'

/** Where nginx thinks the client is. */
export interface RemoteAddress {
  readonly ip: string
  /** Absent when the address came from a header without a port. */
  readonly port: number | undefined
}

/** nginx's realip module: the address a trusted peer names in the configured header. */
export function realAddress(
  peer: SocketAddress,
  headers: RequestHeaders,
  settings: KongSettings,
  trusted: TrustedAddresses,
): RemoteAddress {
  const direct: RemoteAddress = { ip: peer.ip, port: peer.port }
  const name = settings.realIpHeader.toLowerCase()
  const lines = headers.values(name)
  if (lines.length === 0) return direct
  const asList = name === 'x-forwarded-for'
  const found = asList
    ? fromLines(direct, [...lines].reverse(), trusted, settings.realIpRecursive)
    : lastAddress(direct, lines[0] ?? '', trusted, settings.realIpRecursive)
  return found.address
}

interface Found {
  readonly address: RemoteAddress
  /** `declined`: the address before was not trusted or the text is no address. `done`: replaced, and the walk is over. */
  readonly outcome: 'replaced' | 'declined' | 'done'
}

function fromLines(start: RemoteAddress, lines: readonly string[], trusted: TrustedAddresses, recursive: boolean): Found {
  let address = start
  for (const [index, line] of lines.entries()) {
    const found = lastAddress(address, line, trusted, recursive)
    if (found.outcome === 'declined') return { address, outcome: index > 0 ? 'done' : 'declined' }
    address = found.address
    if (!recursive || found.outcome === 'done') return { address, outcome: found.outcome }
  }
  return { address, outcome: 'replaced' }
}

/** The last address of a list, and with `recursive` the ones before it for as long as they are trusted. */
function lastAddress(current: RemoteAddress, line: string, trusted: TrustedAddresses, recursive: boolean): Found {
  if (!trusted.has(current.ip)) return { address: current, outcome: 'declined' }
  const list = line.replace(/[ ,]+$/, '')
  const cut = Math.max(list.lastIndexOf(' '), list.lastIndexOf(','))
  const address = parseAddress(list.slice(cut + 1))
  if (!address) return { address: current, outcome: 'declined' }
  if (!recursive || cut < 0) return { address, outcome: 'replaced' }
  const before = lastAddress(address, list.slice(0, cut), trusted, recursive)
  return before.outcome === 'declined' ? { address, outcome: 'done' } : before
}

/** An address with or without port: `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]:80`. */
export function parseAddress(text: string): RemoteAddress | undefined {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text)
  const plain = /^([\d.]+):(\d+)$/.exec(text)
  const ip = bracketed?.[1] ?? plain?.[1] ?? text
  if (isIP(ip) === 0) return undefined
  const portText = bracketed?.[2] ?? plain?.[2]
  const port = portText === undefined ? undefined : Number(portText)
  if (port !== undefined && (port < 1 || port > 65535)) return undefined
  return { ip: isIP(ip) === 6 ? compressIpv6(ip) : ip, port }
}

/** IPv6 text as nginx prints it: lower case, the longest run of zeros as `::`. */
function compressIpv6(ip: string): string {
  const url = new URL(`http://[${ip}]/`)
  return url.hostname.slice(1, -1)
}
