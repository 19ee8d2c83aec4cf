import { BlockList, isIP } from 'node:net'
import { LuaTable, type ClientConnection, type KongEntity, type LuaValue } from '../../kong/index.js'
import { textItems } from '../router/entity-fields.js'
import type { RoutedService } from '../router/router.js'

/** Finds the route of a connection to `stream_listen`: by server name, and by the addresses of both ends. */
export function matchStreamRoute(routes: readonly RoutedService[], client: ClientConnection): RoutedService | undefined {
  const protocol = client.tls === undefined ? 'tcp' : 'tls'
  return routes
    .filter(({ route }) => textItems(route.get('protocols')).includes(protocol))
    .filter(
      ({ route }) =>
        fitsName(route, client) && fitsEnd(route.get('sources'), client.peer) && fitsEnd(route.get('destinations'), client.local),
    )
    .sort((a, b) => conditions(b.route) - conditions(a.route))[0]
}

function fitsName(route: KongEntity, client: ClientConnection): boolean {
  const names = textItems(route.get('snis')).map((name) => name.replace(/\.$/, '').toLowerCase())
  return names.length === 0 || client.tls === undefined || names.includes(client.tls.serverName?.toLowerCase() ?? '')
}

/** Entries are `{ ip, port }`, either of which may be left out; an ip may be a range. */
function fitsEnd(list: LuaValue, end: ClientConnection['peer']): boolean {
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

function conditions(route: KongEntity): number {
  return ['snis', 'sources', 'destinations'].filter((name) => route.get(name) !== undefined).length
}
