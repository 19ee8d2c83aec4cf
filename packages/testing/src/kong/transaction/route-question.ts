import type { RouteQuestion } from './kong-transaction.js'
import type { TransactionState } from './transaction-state.js'

/** What the router needs of a request. */
export function routeQuestion({ request, client }: TransactionState): RouteQuestion {
  const { tls } = client
  return {
    scheme: request.scheme,
    method: request.method,
    host: request.headers.first('host') ?? request.host,
    path: request.path,
    header: (name) => {
      const values = request.headers.values(name)
      return values.length > 0 ? values : request.headers.values(name.replaceAll('_', '-'))
    },
    ...(tls?.serverName === undefined ? {} : { serverName: tls.serverName }),
  }
}
