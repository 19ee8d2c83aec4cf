import { LuaTable } from '@kong-ts/schema/lua'
import { lookup } from '../request/request-headers.js'
import type { RouteQuestion } from './kong-transaction.js'
import type { TransactionState } from './transaction-state.js'

/** What the router needs of a request. */
export function routeQuestion({ request, client, node, hostPort }: TransactionState): RouteQuestion {
  const { tls } = client
  const headers = request.headers.table(node.settings.luaMaxReqHeaders)
  return {
    scheme: request.scheme,
    method: request.method,
    host: request.hostForRouting,
    path: request.path,
    header: (name) => {
      const found = lookup(headers, name.toLowerCase().replaceAll('-', '_'))
      if (found instanceof LuaTable) return [...found.items()].filter((value) => typeof value === 'string')
      return found === undefined ? [] : [found]
    },
    source: request.remote,
    destination: { ip: client.local.ip, port: typeof hostPort === 'number' ? hostPort : client.local.port },
    ...(tls?.serverName === undefined ? {} : { serverName: tls.serverName }),
  }
}
