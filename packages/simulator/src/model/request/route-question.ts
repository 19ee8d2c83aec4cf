import { LuaTable } from '@kong-ts/schema/lua'
import { lookupHeader } from '../http/header-lines.js'
import type { SocketAddress } from '../http/messages.js'
import type { KongEntity } from '../node/kong-node.js'
import type { RequestState } from './request-state.js'

/** What the router needs to know of a request. */
export interface RouteQuestion {
  readonly scheme: 'http' | 'https'
  readonly method: string
  /** As the client sent it, port included. */
  readonly host: string
  /** Normalised as `kong.request.get_path` gives it. */
  readonly path: string
  /** All values of a header, looked up as `ngx.req.get_headers` does: with `_` first, then with `-`. */
  header(name: string): readonly string[]
  /** The name of TLS's SNI extension. */
  readonly serverName?: string
  /** The client's address as nginx determines it. Without a port when a header named the address. */
  readonly source: { readonly ip: string; readonly port: number | undefined }
  /** The address that the client connected to, with the port that clients see. */
  readonly destination: SocketAddress
}

/** The router's answer. */
export interface RouteMatch {
  readonly route: KongEntity
  readonly service?: KongEntity
  /** The beginning of the path that `strip_path` cuts off. Absent when nothing is cut off. */
  readonly prefix?: string
  /** Captures of a regex path. `unnamed[0]` is the whole match; a group that took no part is undefined. */
  readonly captures?: { readonly unnamed: readonly (string | undefined)[]; readonly named: ReadonlyMap<string, string> }
}

/** Asks the router about a request. @param port the port that clients see. */
export function routeQuestion(request: RequestState, port: number): RouteQuestion {
  const { client, node } = request
  const headers = request.headers.table(node.settings.luaMaxReqHeaders)
  const serverName = client.tls?.serverName
  return {
    scheme: request.scheme,
    method: request.method,
    host: request.hostForRouting,
    path: request.path,
    header: (name) => {
      const found = lookupHeader(headers, name.toLowerCase().replaceAll('-', '_'))
      if (found instanceof LuaTable) return [...found.items()].filter((value) => typeof value === 'string')
      return found === undefined ? [] : [found]
    },
    source: request.remote,
    destination: { ip: client.local.ip, port },
    ...(serverName === undefined ? {} : { serverName }),
  }
}
