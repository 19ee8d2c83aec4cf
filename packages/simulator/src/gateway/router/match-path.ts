import { toLuaText } from '@kong-ts/schema/lua'
import { type RouteMatch } from '../../model/index.js'

/** The part of a request's path that a route's path matches. It has captures when a group matched. */
export interface PathMatch {
  readonly matched: string
  readonly captures?: NonNullable<RouteMatch['captures']>
}

export type PathMatcher = (path: string) => PathMatch | undefined

/**
 * Makes the matcher of one entry of a route's `paths`: a prefix, or after `~` a regular expression that must match from the start.
 * @throws SyntaxError when the expression is not valid.
 */
export function createPathMatcher(path: string): PathMatcher {
  if (!path.startsWith('~')) return (requested) => (requested.startsWith(path) ? { matched: path } : undefined)
  // Without a group around it, only the first of several alternatives must match from the start, as in Kong.
  const pattern = new RegExp(`^${toJavaScript(path.slice(1))}`, 'u')
  return (requested) => {
    const found = pattern.exec(requested)
    if (found === null) return undefined
    const hasGroup = found.some((text, index) => index > 0 && text !== undefined)
    if (!hasGroup) return { matched: found[0] }
    const named = Object.entries(found.groups ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const captures = {
      unnamed: [...found].map((text) => (text === undefined ? undefined : toLuaText(text))),
      named: new Map(named.map(([name, text]) => [name, toLuaText(text)])),
    }
    return { matched: found[0], captures }
  }
}

/**
 * Kong's regular expressions are Rust's: named groups may be `(?P<name>…)`, and characters may be escaped that JavaScript's strict mode
 * does not allow to escape.
 */
function toJavaScript(pattern: string): string {
  return pattern.replaceAll('(?P<', '(?<').replace(/\\([#&~%"'`<>@=:;!,\s-])/g, (_, char: string) => (char === '-' ? '\\x2d' : char))
}
