/** A request target as nginx takes it apart. */
export interface ParsedTarget {
  /** `$request_uri`: the target as sent, without scheme and authority. */
  readonly requestUri: string
  /** `$uri`: decoded, dot segments resolved, slashes merged. */
  readonly uri: string
  /** `$args`: the query without a fragment; undefined without `?`. */
  readonly args: string | undefined
  /** Authority of an absolute target, port included. */
  readonly authority: string | undefined
}

const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)(.*)$/s

/** Takes a target apart; undefined when nginx answers 400 to it. */
export function parseTarget(target: string): ParsedTarget | undefined {
  const absolute = ABSOLUTE.exec(target)
  const authority = absolute?.[1]
  const rest = absolute?.[2] ?? target
  const requestUri = absolute ? (rest.startsWith('/') ? rest : `/${rest}`) : rest
  if (!requestUri.startsWith('/') || /[\x00-\x20\x7f]/.test(requestUri) || authority === '') return undefined
  const path = /^[^?#]*/.exec(requestUri)?.[0] ?? ''
  const uri = resolvePath(path)
  if (uri === undefined) return undefined
  const query = requestUri[path.length] === '?' ? requestUri.slice(path.length + 1).split('#', 1)[0] : undefined
  return { requestUri, uri, args: query, authority }
}

/** `%XX` decoded, dot segments and double slashes gone; undefined for a bad escape, `%00`, or a path that leaves the root. */
function resolvePath(path: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})|%00/.test(path)) return undefined
  const decoded = path.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const segments: string[] = []
  const pieces = decoded.split('/').slice(1)
  for (const [index, piece] of pieces.entries()) {
    const last = index === pieces.length - 1
    if (piece === '..') {
      if (segments.length === 0) return undefined
      segments.pop()
    } else if (piece !== '' && piece !== '.') {
      segments.push(piece)
      continue
    }
    if (last) return segments.length === 0 ? '/' : `/${segments.join('/')}/`
  }
  return `/${segments.join('/')}`
}
