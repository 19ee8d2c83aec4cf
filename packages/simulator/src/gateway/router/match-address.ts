import { BlockList, isIP } from 'node:net'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'

/**
 * Tells whether one end of a connection fits `sources` or `destinations` of a route. Entries are `{ ip, port }`, either of which may be
 * left out; an ip may be a range. No entries fit everything.
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
