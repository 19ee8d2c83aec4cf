import { LuaTable, utf8ToText, type KongEntity, type RouteMatch, type RouteQuestion } from '../../kong/index.js'
import { matchHost } from './match-host.js'
import { createPathMatcher, type PathMatch, type PathMatcher } from './match-path.js'
import { comparePriority, routePriority, type RoutePriority } from './route-priority.js'
import { isTrue, textItems } from './entity-fields.js'

/** A route of the declarative config with the service it belongs to. */
export interface RoutedService {
  readonly route: KongEntity
  readonly service?: KongEntity
}

/** Finds the route of a request as Kong's router does in its default flavour, `traditional_compatible`. */
export interface Router {
  /** @returns the route with the highest priority that fits, or undefined: Kong then answers 404. */
  match(question: RouteQuestion): RouteMatch | undefined
}

/** One route with one of its paths: Kong ranks the paths of a route each for itself. */
interface Candidate {
  readonly routed: RoutedService
  readonly id: string
  readonly priority: RoutePriority
  readonly path: PathMatcher | undefined
  readonly protocols: ReadonlySet<string>
  readonly methods: ReadonlySet<string>
  readonly hosts: readonly string[]
  readonly serverNames: ReadonlySet<string>
  readonly headers: readonly HeaderCondition[]
}

interface HeaderCondition {
  readonly name: string
  fits(values: readonly string[]): boolean
}

/** @throws SyntaxError for a regex path that cannot be compiled. */
export function createRouter(routes: readonly RoutedService[]): Router {
  const candidates = routes.flatMap(candidatesOf).sort((a, b) => comparePriority(b.priority, a.priority) || (a.id < b.id ? 1 : -1))
  return {
    match(question) {
      const path = decodeUtf8(question.path)
      // The matcher behind Kong's router works on text: a path that is no UTF-8 has no route.
      if (path === undefined) return undefined
      for (const candidate of candidates) {
        if (!fits(candidate, question)) continue
        const found = candidate.path?.(path)
        if (candidate.path === undefined || found !== undefined) return matchOf(candidate.routed, found)
      }
      return undefined
    },
  }
}

function candidatesOf(routed: RoutedService): Candidate[] {
  const { route } = routed
  const paths = textItems(route.get('paths'))
  const id = route.get('id')
  const rest = {
    routed,
    id: typeof id === 'string' ? id : '',
    protocols: new Set(textItems(route.get('protocols'))),
    methods: new Set(textItems(route.get('methods'))),
    hosts: textItems(route.get('hosts')).map((host) => host.toLowerCase()),
    serverNames: new Set(textItems(route.get('snis')).map((name) => name.replace(/\.$/, '').toLowerCase())),
    headers: headerConditions(route),
  }
  if (paths.length === 0) return [{ ...rest, path: undefined, priority: routePriority(route, undefined) }]
  return paths.map((path) => ({ ...rest, path: createPathMatcher(path), priority: routePriority(route, path) }))
}

function fits(candidate: Candidate, question: RouteQuestion): boolean {
  return (
    fitsScheme(candidate.protocols, question.scheme) &&
    (candidate.methods.size === 0 || candidate.methods.has(question.method)) &&
    (candidate.hosts.length === 0 || candidate.hosts.some((pattern) => matchHost(pattern, question.host))) &&
    (candidate.serverNames.size === 0 ||
      question.scheme === 'http' ||
      candidate.serverNames.has(question.serverName?.toLowerCase() ?? '')) &&
    candidate.headers.every((condition) => condition.fits(question.header(condition.name)))
  )
}

/** A route for https alone also takes http requests: Kong answers those with 426 or a redirect. */
function fitsScheme(protocols: ReadonlySet<string>, scheme: 'http' | 'https'): boolean {
  const secure = protocols.has('https') || protocols.has('grpcs')
  return scheme === 'https' ? secure : secure || protocols.has('http') || protocols.has('grpc')
}

function headerConditions(route: KongEntity): HeaderCondition[] {
  const headers = route.get('headers')
  if (!(headers instanceof LuaTable)) return []
  const conditions: HeaderCondition[] = []
  for (const [name, wanted] of headers) {
    if (typeof name !== 'string') continue
    const values = textItems(wanted).map((value) => value.toLowerCase())
    const only = values.length === 1 ? values[0] : undefined
    const pattern = only?.startsWith('~*') ? new RegExp(only.slice(2), 'u') : undefined
    conditions.push({
      name,
      fits: (got) =>
        got.some((value) => (pattern === undefined ? values.includes(value.toLowerCase()) : pattern.test(value.toLowerCase()))),
    })
  }
  return conditions
}

function matchOf({ route, service }: RoutedService, found: PathMatch | undefined): RouteMatch {
  return {
    route,
    ...(service === undefined ? {} : { service }),
    ...(found === undefined || !isTrue(route.get('strip_path')) ? {} : { prefix: utf8ToText(found.matched) }),
    ...(found?.captures === undefined ? {} : { captures: found.captures }),
  }
}

function decodeUtf8(path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(path, 'latin1'))
  } catch {
    return undefined
  }
}
