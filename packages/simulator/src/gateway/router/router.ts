import { LuaTable, toLuaText } from '@kong-ts/schema/lua'
import type { KongEntity, RouteMatch, RouteQuestion, ClientConnection } from '../../model/index.js'
import {
  createPathMatcher,
  type PathMatch,
  type PathMatcher,
  type HostAndPort,
  isTrue,
  matchAddress,
  matchHost,
  matchServerName,
  splitHost,
  textItems,
} from './route-conditions.js'
import { comparePriority, groupPaths, routePriority, type RoutePriority } from './route-priority.js'

/** A route of the declarative config with its service. */
export interface RoutedService {
  readonly route: KongEntity
  readonly service?: KongEntity
}

/** Finds the route of a request as Kong's router does in its default flavour, `traditional_compatible`. */
export interface Router {
  /** @returns the matching route with the highest priority. Without one, undefined: Kong then answers 404. */
  match(question: RouteQuestion): RouteMatch | undefined
}

/** One route with one of its paths. Kong ranks the paths of a route by kind and length, so each takes part on its own. */
interface Candidate {
  readonly routed: RoutedService
  readonly id: string
  readonly priority: RoutePriority
  readonly path: PathMatcher | undefined
  readonly methods: ReadonlySet<string>
  readonly hosts: readonly HostAndPort[]
  readonly serverNames: readonly string[]
  readonly headers: readonly HeaderCondition[]
}

interface HeaderCondition {
  readonly name: string
  fits(value: string): boolean
}

const HTTP_PROTOCOLS = ['http', 'https', 'grpc', 'grpcs']

/** @throws SyntaxError for a regular expression that cannot be compiled. */
export function createRouter(routes: readonly RoutedService[]): Router {
  const candidates = routes.flatMap(candidatesOf).sort((a, b) => comparePriority(b.priority, a.priority) || compareIds(b.id, a.id))
  return {
    match(question) {
      const path = decodeUtf8(question.path)
      // Kong's matcher works on text: a path that is not UTF-8 matches no route.
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

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Only whether `protocols` names HTTP matters here. Once the route is found, the transaction compares the request's own protocol. */
function candidatesOf(routed: RoutedService): Candidate[] {
  const { route } = routed
  if (!textItems(route.get('protocols')).some((protocol) => HTTP_PROTOCOLS.includes(protocol))) return []
  const paths = textItems(route.get('paths'))
  const id = String(route.get('id'))
  const rest = {
    routed,
    methods: new Set(textItems(route.get('methods'))),
    hosts: textItems(route.get('hosts')).map(splitHost),
    serverNames: textItems(route.get('snis')),
    headers: headerConditions(route),
  }
  if (paths.length === 0) return [{ ...rest, id, path: undefined, priority: routePriority(route, undefined) }]
  return groupPaths(id, paths).flatMap((group) =>
    group.paths.map((path) => ({ ...rest, id: group.id, path: createPathMatcher(path), priority: routePriority(route, path) })),
  )
}

function fits({ routed: { route }, ...candidate }: Candidate, question: RouteQuestion): boolean {
  const { host, port = question.destination.port } = splitHost(question.host)
  return (
    (candidate.methods.size === 0 || candidate.methods.has(question.method)) &&
    (candidate.hosts.length === 0 || candidate.hosts.some((pattern) => matchHost(pattern, { host, port }))) &&
    (candidate.serverNames.length === 0 ||
      question.scheme === 'http' ||
      candidate.serverNames.some((name) => matchServerName(name, question.serverName ?? ''))) &&
    candidate.headers.every((condition) => question.header(condition.name).some((value) => condition.fits(value))) &&
    matchAddress(route.get('sources'), question.source) &&
    matchAddress(route.get('destinations'), question.destination)
  )
}

/** Compares values in lower case. Kong also turns an expression after `~*` to lower case before it compiles it. */
function headerConditions(route: KongEntity): HeaderCondition[] {
  const headers = route.get('headers')
  if (!(headers instanceof LuaTable)) return []
  return [...headers].flatMap(([name, wanted]) => {
    if (typeof name !== 'string') return []
    const tests = textItems(wanted).map((text) => {
      const lower = text.toLowerCase()
      const pattern = text.startsWith('~*') ? new RegExp(lower.slice(2), 'u') : undefined
      return (value: string): boolean => (pattern === undefined ? value === lower : pattern.test(value))
    })
    return [{ name, fits: (value: string) => tests.some((test) => test(value.toLowerCase())) }]
  })
}

function matchOf({ route, service }: RoutedService, found: PathMatch | undefined): RouteMatch {
  return {
    route,
    ...(service === undefined ? {} : { service }),
    ...(found === undefined || !isTrue(route.get('strip_path')) ? {} : { prefix: toLuaText(found.matched) }),
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

/** Finds the route of a connection to `stream_listen`: by server name, and by the addresses of both ends. */
export function matchStreamRoute(routes: readonly RoutedService[], client: ClientConnection): RoutedService | undefined {
  const protocol = client.tls === undefined ? 'tcp' : 'tls'
  return routes
    .filter(({ route }) => textItems(route.get('protocols')).includes(protocol))
    .filter(
      ({ route }) =>
        fitsName(route, client) && matchAddress(route.get('sources'), client.peer) && matchAddress(route.get('destinations'), client.local),
    )
    .sort((a, b) => conditions(b.route) - conditions(a.route))[0]
}

function fitsName(route: KongEntity, client: ClientConnection): boolean {
  const names = textItems(route.get('snis'))
  return names.length === 0 || client.tls === undefined || names.some((name) => matchServerName(name, client.tls?.serverName ?? ''))
}

function conditions(route: KongEntity): number {
  return ['snis', 'sources', 'destinations'].filter((name) => route.get(name) !== undefined).length
}
