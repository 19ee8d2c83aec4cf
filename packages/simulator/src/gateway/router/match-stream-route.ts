import type { ClientConnection, KongEntity } from '../../model/index.js'
import { matchAddress, matchServerName, textItems } from './route-conditions.js'
import type { RoutedService } from './router.js'

/** Finds the route of a connection to `stream_listen`: by server name, and by the addresses of both ends. */
export function matchStreamRoute(routes: readonly RoutedService[], client: ClientConnection): RoutedService | undefined {
  const protocol = client.tls === undefined ? 'tcp' : 'tls'
  return routes
    .filter(({ route }) => textItems(route.get('protocols')).includes(protocol))
    .filter(
      ({ route }) =>
        fitsName(route, client) && matchAddress(route.get('sources'), client.peer) && matchAddress(route.get('destinations'), client.local),
    )
    .sort((a, b) => conditions(b.route) - conditions(a.route))[0]
}

function fitsName(route: KongEntity, client: ClientConnection): boolean {
  const names = textItems(route.get('snis'))
  return names.length === 0 || client.tls === undefined || names.some((name) => matchServerName(name, client.tls?.serverName ?? ''))
}

function conditions(route: KongEntity): number {
  return ['snis', 'sources', 'destinations'].filter((name) => route.get(name) !== undefined).length
}
