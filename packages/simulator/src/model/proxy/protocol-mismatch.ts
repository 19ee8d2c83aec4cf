import { LuaTable } from '@kong-ts/schema/lua'
import type { KongEntity } from '../node/kong-node.js'
import type { TransactionState } from '../state/transaction-state.js'
import { forwardedHost, forwardedProto, type SeenHeaders } from './upstream-variables.js'

/** How Kong answers a request whose route is for another protocol: with an error of its own, or with an exit. */
export type ProtocolMismatch =
  | { readonly error: number; readonly message: string; readonly headers?: LuaTable }
  | { readonly exit: number; readonly headers: LuaTable }

/** Compares the protocols of the matched route with the protocol of the request. The router itself ignores them. */
export function protocolMismatch(state: TransactionState, route: KongEntity, seen: SeenHeaders): ProtocolMismatch | undefined {
  const list = route.get('protocols')
  const protocols = new Set(list instanceof LuaTable ? [...list.items()] : [])
  const isSecure = forwardedProto(state, seen) === 'https'
  if (protocols.has('https') && !protocols.has('http') && !isSecure) return askForHttps(state, route, seen)
  if (!protocols.has('grpc') && !protocols.has('grpcs')) return undefined
  const { request } = state
  if (request.headers.first('content-type')?.startsWith('application/grpc') !== true)
    return { error: 415, message: 'Non-gRPC request matched gRPC route' }
  if (request.httpVersion !== 2)
    return {
      error: 426,
      message: 'Please use HTTP2 protocol',
      headers: LuaTable.record([
        ['connection', 'Upgrade'],
        ['upgrade', 'HTTP/2'],
      ]),
    }
  if (protocols.has('grpc') || isSecure) return undefined
  return {
    exit: 200,
    headers: LuaTable.record([
      ['content-type', 'application/grpc'],
      ['grpc-status', 1],
      ['grpc-message', 'gRPC request matched gRPCs route'],
    ]),
  }
}

function askForHttps(state: TransactionState, route: KongEntity, seen: SeenHeaders): ProtocolMismatch {
  const code = Number(route.get('https_redirect_status_code') ?? 426)
  if (code === 426) {
    const headers = LuaTable.record([
      ['Connection', 'Upgrade'],
      ['Upgrade', 'TLS/1.2, HTTP/1.1'],
    ])
    return { error: 426, message: 'Please use HTTPS protocol', headers }
  }
  const location = `https://${forwardedHost(state, seen)}${state.request.target.requestUri}`
  return { exit: code, headers: LuaTable.record([['Location', location]]) }
}
