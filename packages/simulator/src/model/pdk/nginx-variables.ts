import { asciiLower } from '@kong-ts/schema/lua'
import type { KongEntity } from '../node/kong-node.js'
import { cookieValue } from '../request/request-headers.js'
import type { TransactionState } from '../state/transaction-state.js'

type Reader = (state: TransactionState) => string | undefined

const NGINX_VERSION = '1.25.3'

/** The variables of nginx and of Kong's nginx configuration, without the `$`. */
const VARIABLES: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['args', ({ request }) => request.args],
  ['query_string', ({ request }) => request.args],
  ['is_args', ({ request }) => (request.args ? '?' : '')],
  ['uri', ({ request }) => request.target.uri],
  ['document_uri', ({ request }) => request.target.uri],
  ['request_uri', ({ request }) => request.target.requestUri],
  ['request_method', ({ request }) => request.method],
  ['request', ({ client }) => `${client.method} ${client.target} ${protocolOf(client.httpVersion)}`],
  ['request_id', ({ requestId }) => requestId],
  ['kong_request_id', ({ requestId }) => requestId],
  ['request_length', ({ request }) => String(request.headBytes + request.body.bytesCounted)],
  ['request_time', ({ node, startedAt }) => ((node.now() - startedAt) / 1000).toFixed(3)],
  ['request_completion', () => ''],
  ['request_body', ({ request }) => request.body.inMemory],
  ['request_body_file', (state) => (state.request.body.inFile === undefined ? undefined : state.bodyFilePath)],
  ['content_length', ({ request }) => request.headers.first('content-length')],
  ['content_type', ({ request }) => request.headers.first('content-type')],
  ['host', ({ request }) => request.host],
  ['hostname', ({ node }) => node.hostname],
  ['scheme', ({ request }) => request.scheme],
  ['https', ({ client }) => (client.tls ? 'on' : '')],
  ['http2', ({ client }) => (client.httpVersion === '2' ? 'h2' : '')],
  ['server_addr', ({ client }) => client.local.ip],
  ['server_name', () => 'kong'],
  ['server_port', ({ client }) => String(client.local.port)],
  ['server_protocol', ({ client }) => protocolOf(client.httpVersion)],
  ['remote_addr', ({ request }) => request.remote.ip],
  ['remote_port', ({ request }) => (request.remote.port === undefined ? '' : String(request.remote.port))],
  ['realip_remote_addr', ({ client }) => client.peer.ip],
  ['realip_remote_port', ({ client }) => String(client.peer.port)],
  ['binary_remote_addr', ({ request }) => binaryAddress(request.remote.ip)],
  ['remote_user', ({ request }) => basicUser(request.headers.first('authorization'))],
  [
    'proxy_add_x_forwarded_for',
    ({ request }) => [request.headers.variable('x-forwarded-for'), request.remote.ip].filter((part) => part !== undefined).join(', '),
  ],
  ['ssl_protocol', ({ client }) => client.tls?.version],
  ['ssl_cipher', ({ client }) => client.tls?.cipher],
  ['ssl_server_name', ({ client }) => client.tls?.serverName],
  ['ssl_session_reused', ({ client }) => (client.tls ? '.' : undefined)],
  ['ssl_client_verify', ({ client }) => (client.tls ? 'NONE' : undefined)],
  ['status', ({ response }) => String(response.status).padStart(3, '0')],
  ['bytes_sent', () => '0'],
  ['body_bytes_sent', () => '0'],
  ['connection', () => '1'],
  ['connection_requests', () => '1'],
  ['connection_time', ({ node, startedAt }) => ((node.now() - startedAt) / 1000).toFixed(3)],
  ['connections_active', () => '1'],
  ['connections_reading', () => '0'],
  ['connections_writing', () => '1'],
  ['connections_waiting', () => '0'],
  ['limit_rate', () => '0'],
  ['msec', ({ node }) => (node.now() / 1000).toFixed(3)],
  ['nginx_version', () => NGINX_VERSION],
  ['pid', () => String(process.pid)],
  ['pipe', () => '.'],
  ['document_root', ({ node }) => `${node.prefix}/html`],
  ['request_filename', ({ node, request }) => `${node.prefix}/html${request.target.uri}`],
  ['tcpinfo_rtt', () => '0'],
  ['tcpinfo_rttvar', () => '0'],
  ['tcpinfo_snd_cwnd', () => '10'],
  ['tcpinfo_rcv_space', () => '65536'],
  ['time_iso8601', ({ node }) => new Date(node.now()).toISOString().replace(/\.\d+Z$/, '+00:00')],
  ['time_local', ({ node }) => localTime(node.now())],
  ['ctx_ref', () => '1'],
  ['kong_proxy_mode', ({ match, phase }) => (phase !== 'rewrite' && isUnbuffered(match?.route) ? 'unbuffered' : 'http')],
  ['upstream_te', ({ upstream }) => upstream.te],
  ['upstream_via', ({ upstream }) => upstream.via],
  ['upstream_host', ({ upstream }) => upstream.host],
  ['upstream_upgrade', ({ upstream }) => upstream.upgrade],
  ['upstream_connection', ({ upstream }) => upstream.connection],
  ['upstream_scheme', ({ upstream }) => upstream.scheme],
  ['upstream_uri', ({ upstream }) => upstream.uri],
  ['upstream_x_forwarded_for', ({ upstream }) => upstream.forwardedFor],
  ['upstream_x_forwarded_proto', ({ upstream }) => upstream.forwardedProto],
  ['upstream_x_forwarded_host', ({ upstream }) => upstream.forwardedHost],
  ['upstream_x_forwarded_port', ({ upstream }) => upstream.forwardedPort],
  ['upstream_x_forwarded_path', ({ upstream }) => upstream.forwardedPath],
  ['upstream_x_forwarded_prefix', ({ upstream }) => upstream.forwardedPrefix],
  ['upstream_status', ({ upstream, buffered }) => (buffered ? undefined : upstream.status)],
])

/** Families of variables: the name after the prefix says which header, argument or cookie is read. */
const FAMILIES: readonly (readonly [prefix: string, read: (state: TransactionState, name: string) => string | undefined])[] = [
  ['http_', ({ request }, name) => request.headers.variable(name)],
  ['arg_', ({ request }, name) => argument(request.args ?? '', name)],
  ['cookie_', ({ client, request }, name) => cookieValue(cookieLines(request.headers.similar('cookie'), client.httpVersion), name)],
  ['sent_http_', ({ response }, name) => response.headers.values(name)[0]],
]

/** nginx joins the cookie lines of HTTP/2. */
function cookieLines(lines: readonly string[], httpVersion: string): readonly string[] {
  return httpVersion === '2' ? [lines.join('; ')] : lines
}

/** Reads `ngx.var[name]`, the name in any letter case. undefined for an unknown or unset variable. */
export function nginxVariable(state: TransactionState, rawName: string): string | undefined {
  const name = asciiLower(rawName)
  const reader = VARIABLES.get(name)
  if (reader) return reader(state)
  const family = FAMILIES.find(([prefix]) => name.startsWith(prefix))
  return family?.[1](state, name.slice(family[0].length))
}

/** Kong sends the requests of such routes through another nginx location. */
function isUnbuffered(route: KongEntity | undefined): boolean {
  return route?.get('request_buffering') === false || route?.get('response_buffering') === false
}

function protocolOf(version: string): string {
  return version === '2' ? 'HTTP/2.0' : `HTTP/${version}`
}

/** `$arg_<name>`: the argument's text as it stands in the query, the name in any letter case. */
function argument(query: string, name: string): string | undefined {
  for (const piece of query.split('&')) {
    const at = piece.indexOf('=')
    if (at >= 0 && asciiLower(piece.slice(0, at)) === name) return piece.slice(at + 1)
  }
  return undefined
}

/** `$remote_user`: the user of basic credentials. undefined without a user or a colon, and for text that is not base64 for nginx. */
function basicUser(authorization: string | undefined): string | undefined {
  const [, encoded] = /^basic +([^ ].*)$/is.exec(authorization ?? '') ?? []
  const [digits = ''] = (encoded ?? '').split('=', 1)
  if (/[^A-Za-z0-9+/]/.test(digits) || digits.length % 4 === 1) return undefined
  const credentials = Buffer.from(digits, 'base64').toString('latin1')
  const colon = credentials.indexOf(':')
  return colon > 0 ? credentials.slice(0, colon) : undefined
}

function binaryAddress(ip: string): string {
  return ip.includes(':') ? ip : String.fromCharCode(...ip.split('.').map(Number))
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function localTime(now: number): string {
  const date = new Date(now)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [two(date.getUTCDate()), MONTHS[date.getUTCMonth()], date.getUTCFullYear()].join('/')
  return `${[day, ...[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two)].join(':')} +0000`
}
