import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { type KongEntity } from '../../model/index.js'
import { textItems } from './entity-fields.js'

/**
 * What ranks a route, the weightiest first: how many kinds of conditions, hosts without wildcard, number of headers, regex path, its
 * priority, length of a prefix.
 */
export type RoutePriority = readonly [
  kinds: number,
  plainHosts: number,
  headers: number,
  regex: number,
  regexPriority: number,
  prefixLength: number,
]

/** @param path the one of the route's paths that is ranked; undefined for a route without paths. */
export function routePriority(route: KongEntity, path: string | undefined): RoutePriority {
  const hosts = textItems(route.get('hosts'))
  const headers = route.get('headers')
  const headerCount = headers instanceof LuaTable ? headers.size : 0
  const kinds = [
    textItems(route.get('methods')).length,
    hosts.length,
    headerCount,
    textItems(route.get('snis')).length,
    sizeOf(route.get('sources')),
    sizeOf(route.get('destinations')),
    path === undefined ? 0 : 1,
  ]
  const isRegex = path?.startsWith('~') ?? false
  const regexPriority = route.get('regex_priority')
  return [
    kinds.filter((count) => count > 0).length,
    hosts.length > 0 && !hosts.some((host) => host.includes('*')) ? 1 : 0,
    headerCount,
    isRegex ? 1 : 0,
    isRegex && typeof regexPriority === 'number' ? regexPriority : 0,
    isRegex ? 0 : (path?.length ?? 0),
  ]
}

function sizeOf(value: LuaValue): number {
  return value instanceof LuaTable ? value.size : 0
}

/** Negative when `a` ranks below `b`. */
export function comparePriority(a: RoutePriority, b: RoutePriority): number {
  for (const [index, weight] of a.entries()) {
    const difference = weight - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
