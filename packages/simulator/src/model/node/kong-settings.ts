/** The levels of nginx's error log, lowest first. */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg'] as const

/** One level of nginx's error log. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Settings of kong.conf whose effect a plugin can see, with Kong's names in camelCase. Sizes are in bytes. */
export interface KongSettings {
  /** Addresses and CIDR blocks, IPv4 and IPv6. Default none. */
  readonly trustedIps: readonly string[]
  /** Default `X-Real-IP`. */
  readonly realIpHeader: string
  /** Default false. */
  readonly realIpRecursive: boolean
  /** `nginx_http_client_body_buffer_size`, default 8192. */
  readonly clientBodyBufferSize: number
  /** `nginx_http_client_max_body_size`. Default 0: no limit. */
  readonly clientMaxBodySize: number
  /** Default `notice`. */
  readonly logLevel: LogLevel
  /** `port_maps`: the port that clients see, by the port of the listener. Default none. */
  readonly hostPorts: ReadonlyMap<number, number>
  /** `headers`: the headers that Kong adds to responses, in lower case. `server_tokens` and `latency_tokens` are replaced by their members. */
  readonly headers: ReadonlySet<string>
  /** `headers_upstream`, in lower case. */
  readonly headersUpstream: ReadonlySet<string>
  /** Default 100, as for the next three. */
  readonly luaMaxReqHeaders: number
  readonly luaMaxRespHeaders: number
  readonly luaMaxUriArgs: number
  readonly luaMaxPostArgs: number
}

/** Kong's defaults. */
export const DEFAULT_SETTINGS: KongSettings = {
  trustedIps: [],
  realIpHeader: 'X-Real-IP',
  realIpRecursive: false,
  clientBodyBufferSize: 8192,
  clientMaxBodySize: 0,
  logLevel: 'notice',
  hostPorts: new Map(),
  headers: new Set(['server', 'via', 'x-kong-proxy-latency', 'x-kong-response-latency', 'x-kong-upstream-latency', 'x-kong-request-id']),
  headersUpstream: new Set(['x-kong-request-id']),
  luaMaxReqHeaders: 100,
  luaMaxRespHeaders: 100,
  luaMaxUriArgs: 100,
  luaMaxPostArgs: 100,
}

/** Reads the settings from the keys and texts of kong.conf. Ignores every key for which {@link isSettingKey} is false. */
export function settingsFromConf(conf: Readonly<Record<string, string | number>>): Partial<KongSettings> {
  return Object.assign({}, ...Object.entries(conf).map(([key, raw]) => READERS.get(key)?.(String(raw))))
}

/** True when {@link settingsFromConf} reads this key of kong.conf. */
export function isSettingKey(key: string): boolean {
  return READERS.has(key)
}

type SettingReader = (value: string) => Partial<KongSettings>

const READERS: ReadonlyMap<string, SettingReader> = new Map<string, SettingReader>([
  ['trusted_ips', (value) => ({ trustedIps: list(value) })],
  ['real_ip_header', (value) => ({ realIpHeader: value })],
  ['real_ip_recursive', (value) => ({ realIpRecursive: value === 'on' })],
  ['client_body_buffer_size', (value) => ({ clientBodyBufferSize: bytes(value) })],
  ['nginx_http_client_body_buffer_size', (value) => ({ clientBodyBufferSize: bytes(value) })],
  ['nginx_http_client_max_body_size', (value) => ({ clientMaxBodySize: bytes(value) })],
  ['log_level', (value) => ({ logLevel: logLevel(value) })],
  ['port_maps', (value) => ({ hostPorts: portMaps(value) })],
  ['headers', (value) => ({ headers: headerNames(value) })],
  ['headers_upstream', (value) => ({ headersUpstream: headerNames(value) })],
  ['lua_max_req_headers', (value) => ({ luaMaxReqHeaders: Number(value) })],
  ['lua_max_resp_headers', (value) => ({ luaMaxRespHeaders: Number(value) })],
  ['lua_max_uri_args', (value) => ({ luaMaxUriArgs: Number(value) })],
  ['lua_max_post_args', (value) => ({ luaMaxPostArgs: Number(value) })],
])

function logLevel(value: string): LogLevel {
  return LOG_LEVELS.find((level) => level === value) ?? 'notice'
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function bytes(value: string): number {
  const match = /^(\d+)([kKmMgG]?)$/.exec(value.trim())
  const unit = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[(match?.[2] ?? '').toLowerCase()] ?? 1
  return match ? Number(match[1]) * unit : 0
}

/** `8443:28443`: clients see port 8443, the listener has port 28443. */
function portMaps(value: string): Map<number, number> {
  return new Map(
    list(value).map((pair) => {
      const [outside = '', inside = ''] = pair.split(':')
      return [Number(inside), Number(outside)] as const
    }),
  )
}

/** What `server_tokens` and `latency_tokens` of `headers` stand for. */
const TOKENS: ReadonlyMap<string, readonly string[]> = new Map([
  ['server_tokens', ['server', 'via']],
  ['latency_tokens', ['x-kong-proxy-latency', 'x-kong-response-latency', 'x-kong-upstream-latency']],
])

function headerNames(value: string): Set<string> {
  const names = list(value.toLowerCase()).filter((name) => name !== 'off')
  return new Set(names.flatMap((name) => [name, ...(TOKENS.get(name) ?? [])]))
}
