import { percentDecode, percentEncode } from '../http/url-encoding.js'

/** A request target as nginx parses it. */
export interface ParsedTarget {
  /** `$request_uri`: the target as sent, without scheme and authority. */
  readonly requestUri: string
  /** `$uri`: decoded, dot segments resolved, slashes merged. */
  readonly uri: string
  /** `$args`: the query without a fragment. undefined for a target without `?`. */
  readonly args: string | undefined
  /** The authority of an absolute target, port included. */
  readonly authority: string | undefined
}

const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)(.*)$/s

/** Parses a target; undefined when nginx answers it with 400. */
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

/** nginx's form of a path. undefined for a malformed escape, for `%00`, and for a path that leads above the root. */
function resolvePath(path: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})|%00/.test(path)) return undefined
  const segments: string[] = []
  const pieces = percentDecode(path).split('/').slice(1)
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

/** Kong keeps the escapes of these characters, because a decoded one would change the meaning of the path. */
const RESERVED = new Set("!*'();:@&=+$,/?%#[]")

/**
 * Kong's form of a path, as `kong.request.get_path` gives it: decoded except for reserved characters, dot segments resolved, slashes
 * merged.
 */
export function normalizePath(path: string): string {
  if (path === '' || path === '/') return path
  const decoded = path.replace(/%([0-9a-fA-F]{2})/g, (match, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16))
    return RESERVED.has(char) ? match.toUpperCase() : char
  })
  const out: string[] = []
  let rest = decoded
  while (rest.length > 0) {
    if (rest === '/.') rest = '/'
    else if (rest === '/..') {
      rest = '/'
      out.pop()
    } else if (rest === '.' || rest === '..') rest = ''
    else if (rest.startsWith('../')) rest = rest.slice(3)
    else if (rest.startsWith('./')) rest = rest.slice(2)
    else if (rest.startsWith('/./')) rest = rest.slice(2)
    else if (rest.startsWith('/../')) {
      rest = rest.slice(3)
      out.pop()
    } else if (rest.startsWith('//')) rest = rest.slice(1)
    else {
      const end = rest.indexOf('/', 1)
      out.push(end < 0 ? rest : rest.slice(0, end))
      rest = end < 0 ? '' : rest.slice(end)
    }
  }
  return out.join('')
}

/** Encodes a path as Kong does for the service: bytes that a URI cannot hold are percent-encoded, escapes stay. */
export function escapePath(path: string): string {
  return percentEncode(path, /[^!#$&'()*+,/:;=?@[\]A-Za-z0-9\-_.~%]/g)
}
