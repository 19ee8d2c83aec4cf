import { randomUUID } from 'node:crypto'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { decodeArgs } from '../http/query-args.js'
import { cookieValue } from '../nginx/cookie-value.js'
import type { HashSource } from '../node/hash-source.js'
import type { TransactionState } from '../transaction/transaction-state.js'

/** What a request is hashed by: of the first source that the request has. */
export function hashKey(state: TransactionState, sources: readonly HashSource[]): string | undefined {
  for (const source of sources) {
    const key = keyOf(state, source)
    if (key !== undefined && key !== '') return key
  }
  return undefined
}

function keyOf(state: TransactionState, source: HashSource): string | undefined {
  const { request } = state
  switch (source.on) {
    case 'consumer':
      return idOf(state.ctx.get('authenticated_consumer')) ?? idOf(state.ctx.get('authenticated_credential'))
    case 'ip':
      return request.remote.ip
    case 'path':
      return request.path
    case 'header':
      return request.headers.values(source.name).join()
    case 'query_arg':
      return textOf(decodeArgs(request.args ?? '', state.node.settings.luaMaxUriArgs).get(source.name))
    case 'uri_capture':
      return captureOf(state, source.name)
    case 'cookie':
      return cookieValue(request.headers.similar('cookie'), source.name.toLowerCase()) ?? giveCookie(state, source.name, source.path)
  }
}

function idOf(entity: LuaValue): string | undefined {
  const id = entity instanceof LuaTable ? entity.get('id') : undefined
  return typeof id === 'string' ? id : undefined
}

/** Repeated arguments count in the order of the alphabet. */
function textOf(value: LuaValue): string | undefined {
  if (value instanceof LuaTable) return Array.from(value.items(), String).toSorted().join()
  return value === undefined ? undefined : String(value)
}

function captureOf({ match }: TransactionState, name: string): string | undefined {
  const captures = match?.captures
  const number = Number(name)
  return Number.isInteger(number) ? captures?.unnamed[number] : captures?.named.get(name)
}

function giveCookie(state: TransactionState, name: string, path: string): string {
  const value = randomUUID()
  state.headerFilters.push(({ response }) => response.headers.add('Set-Cookie', [`${name}=${value}; Path=${path}`]))
  return value
}
