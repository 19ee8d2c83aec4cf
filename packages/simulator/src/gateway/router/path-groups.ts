import { createHash } from 'node:crypto'

/** The namespace in which Kong names the parts of a route. */
const NAMESPACE = Buffer.from('7f145bf90dce4f9198ebdebbce4b9f6b', 'hex')

/** Paths of one route that rank alike, under the id with which they take part in matching. */
export interface PathGroup {
  readonly id: string
  readonly paths: readonly string[]
}

/**
 * Kong ranks all regular expressions of a route together, and its prefixes by length: a route with several ranks takes part once for each,
 * under ids of their own, which decide between routes that rank alike.
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
