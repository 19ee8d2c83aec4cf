import { asciiLower } from '@kong-ts/schema/lua'
import { basicUser } from './basic-user.js'
import { bodyFilePath } from './body-file-path.js'
import { cookieValue } from './cookie-value.js'
import type { KongEntity } from '../node/kong-node.js'
import type { TransactionState } from '../transaction/transaction-state.js'

type Reader = (state: TransactionState) => string | undefined

const NGINX_VERSION = '1.25.3'

/** Variables of nginx and of Kong's configuration, `$` left out. */
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
  ['request_body_file', (state) => (state.request.body.inFile === undefined ? undefined : bodyFilePath(state))],
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

/** Families of variables whose name ends in what is asked for. */
const FAMILIES: readonly (readonly [prefix: string, read: (state: TransactionState, name: string) => string | undefined])[] = [
  ['http_', ({ request }, name) => request.headers.variable(name)],
  ['arg_', ({ request }, name) => argument(request.args ?? '', name)],
  ['cookie_', ({ client, request }, name) => cookieValue(cookieLines(request.headers.similar('cookie'), client.httpVersion), name)],
  ['sent_http_', ({ response }, name) => response.headers.values(name)[0]],
]

/** HTTP/2 lets a client part its cookies; nginx puts them together. */
function cookieLines(lines: readonly string[], httpVersion: string): readonly string[] {
  return httpVersion === '2' ? [lines.join('; ')] : lines
}

/** `ngx.var[name]`: letter case does not matter; undefined for an unknown or unset variable. */
export function nginxVariable(state: TransactionState, rawName: string): string | undefined {
  const name = asciiLower(rawName)
  const reader = VARIABLES.get(name)
  if (reader) return reader(state)
  const family = FAMILIES.find(([prefix]) => name.startsWith(prefix))
  return family?.[1](state, name.slice(family[0].length))
}

/** Kong sends requests of such routes through a location of its own. */
function isUnbuffered(route: KongEntity | undefined): boolean {
  return route?.get('request_buffering') === false || route?.get('response_buffering') === false
}

function protocolOf(version: string): string {
  return version === '2' ? 'HTTP/2.0' : `HTTP/${version}`
}

/** The argument's text as it stands in the query, name in any case. */
function argument(query: string, name: string): string | undefined {
  for (const piece of query.split('&')) {
    const at = piece.indexOf('=')
    if (at >= 0 && asciiLower(piece.slice(0, at)) === name) return piece.slice(at + 1)
  }
  return undefined
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
