import { BlockList, isIP } from 'node:net'

/** A set of addresses and CIDR blocks, IPv4 and IPv6, as `trusted_ips` lists them. Entries that are neither are left out. */
export class TrustedAddresses {
  private readonly blocks = new BlockList()
  readonly size: number
  /** True when both everything-blocks are listed: then any text counts as trusted. */
  readonly everything: boolean

  constructor(entries: readonly string[]) {
    let size = 0
    for (const entry of entries) if (this.add(entry)) size++
    this.size = size
    this.everything = entries.includes('0.0.0.0/0') && entries.includes('::/0')
  }

  private add(entry: string): boolean {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address)
    if (family === 0) return false
    const kind = family === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) this.blocks.addAddress(address, kind)
    else this.blocks.addSubnet(address, Number(bits), kind)
    return true
  }

  /** Whether the address is inside; false for what is no address. */
  has(address: string): boolean {
    const family = isIP(address)
    return family !== 0 && this.blocks.check(address, family === 4 ? 'ipv4' : 'ipv6')
  }
}
