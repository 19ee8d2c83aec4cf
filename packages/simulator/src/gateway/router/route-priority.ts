import { createHash } from 'node:crypto'
import { LuaTable, type LuaValue } from '@kong-ts/schema/lua'
import { type KongEntity } from '../../model/index.js'
import { textItems } from './route-conditions.js'

/**
 * What decides between two routes, the most important first: number of kinds of conditions, hosts without wildcard, number of headers, a
 * regular expression as path, its priority, length of a prefix.
 */
export type RoutePriority = readonly [
  kinds: number,
  plainHosts: number,
  headers: number,
  regex: number,
  regexPriority: number,
  prefixLength: number,
]

/** @param path the path that is ranked, of the route's paths; undefined for a route without paths. */
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

/** The UUID namespace in which Kong names the parts of a route. */
const NAMESPACE = Buffer.from('7f145bf90dce4f9198ebdebbce4b9f6b', 'hex')

/** Paths of one route that rank alike, and the id under which they take part in matching. */
interface PathGroup {
  readonly id: string
  readonly paths: readonly string[]
}

/**
 * Groups the paths of a route by rank. Kong ranks all regular expressions of a route alike, and prefixes by their length. A route with
 * several ranks takes part once for each, under an id of its own. Ids decide between routes that rank alike.
 */
export function groupPaths(routeId: string, paths: readonly string[]): readonly PathGroup[] {
  const groups = new Map<number, string[]>()
  for (const path of paths) {
    const rank = path.startsWith('~') ? 0 : Buffer.byteLength(path)
    groups.set(rank, [...(groups.get(rank) ?? []), path])
  }
  const lists = [...groups.values()]
  return lists.map((own, index) => ({ id: lists.length > 1 ? nameBasedId(`${routeId}#${index + 1}`) : routeId, paths: own }))
}

/** A UUID of version 5. */
function nameBasedId(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
