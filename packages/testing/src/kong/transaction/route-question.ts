import type { RouteQuestion } from './kong-transaction.js'
import type { TransactionState } from './transaction-state.js'

/** What the router needs of a request. */
export function routeQuestion({ request, client }: TransactionState): RouteQuestion {
  const { tls } = client
  return {
    scheme: request.scheme,
    method: request.method,
    host: request.hostForRouting,
    path: request.path,
    header: (name) => request.headers.similar(name),
    ...(tls?.serverName === undefined ? {} : { serverName: tls.serverName }),
  }
}
