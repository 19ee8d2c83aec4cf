import { BlockList, isIP } from 'node:net'
import type { SocketAddress } from '../http/messages.js'
import type { KongSettings } from '../node/kong-settings.js'
import type { RequestHeaders } from './request-headers.js'

/** The addresses and CIDR blocks of `trusted_ips`, IPv4 and IPv6. Ignores entries that are neither. */
export class TrustedAddresses {
  readonly #blocks = new BlockList()
  /** The number of valid entries. */
  readonly size: number
  /** True when both `0.0.0.0/0` and `::/0` are listed: Kong then trusts any text. */
  readonly everything: boolean

  constructor(entries: readonly string[]) {
    this.size = entries.filter((entry) => this.#add(entry)).length
    this.everything = entries.includes('0.0.0.0/0') && entries.includes('::/0')
  }

  #add(entry: string): boolean {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address)
    if (family === 0) return false
    const kind = family === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) this.#blocks.addAddress(address, kind)
    else this.#blocks.addSubnet(address, Number(bits), kind)
    return true
  }

  /** Whether one of the entries includes this address. False for text that is not an address. */
  has(address: string): boolean {
    const family = isIP(address)
    return family !== 0 && this.#blocks.check(address, family === 4 ? 'ipv4' : 'ipv6')
  }
}

/** The client's address as nginx determines it. */
export interface RemoteAddress {
  readonly ip: string
  /** undefined when the address came from a header without a port. */
  readonly port: number | undefined
}

/** Does the work of nginx's realip module: takes the address that a trusted peer names in the configured header, else the peer's own. */
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
  const found =
    name === 'x-forwarded-for'
      ? fromLines(direct, [...lines].reverse(), trusted, settings.realIpRecursive)
      : lastAddress(direct, lines[0] ?? '', trusted, settings.realIpRecursive)
  return found.address
}

interface Found {
  readonly address: RemoteAddress
  /**
   * `replaced`: the address was taken from the text. `declined`: the address so far is not trusted, or the text is not an address.
   * `done`: the address was taken from the text, and the search is over.
   */
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

/** Takes the last address of a list. With `recursive`, goes on to the address before it while the current one is trusted. */
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

/** Parses an address with or without a port: `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]:80`. */
function parseAddress(text: string): RemoteAddress | undefined {
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
