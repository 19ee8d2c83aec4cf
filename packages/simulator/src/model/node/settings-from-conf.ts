import type { KongSettings } from './kong-node.js'

/** One key of kong.conf as the setting it stands for. */
type Reader = (value: string) => Partial<KongSettings>

/** Names `headers = …` stands for when it says nothing else. */
const LATENCIES = ['x-kong-proxy-latency', 'x-kong-response-latency', 'x-kong-upstream-latency']
const TOKENS = ['server', 'via']

/**
 * The settings of kong.conf a plugin can notice, from kong.conf's own keys and texts. Keys it does not know are left to the caller.
 */
export function settingsFromConf(conf: Readonly<Record<string, string | number>>): Partial<KongSettings> {
  return Object.assign({}, ...Object.entries(conf).map(([key, raw]) => READERS.get(key)?.(String(raw))))
}

/** True when `settingsFromConf` reads the key. */
export function isSettingKey(key: string): boolean {
  return READERS.has(key)
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
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

const LEVELS = ['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg'] as const

function logLevel(value: string): KongSettings['logLevel'] {
  return LEVELS.find((level) => level === value) ?? 'notice'
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

/** `8443:28443`: seen from outside as 8443, listening on 28443. */
function portMaps(value: string): Map<number, number> {
  return new Map(
    list(value).map((pair) => {
      const [outside = '', inside = ''] = pair.split(':')
      return [Number(inside), Number(outside)] as const
    }),
  )
}

function headerNames(value: string): Set<string> {
  const names = list(value.toLowerCase()).filter((name) => name !== 'off')
  return new Set(
    names.flatMap((name) => (name === 'server_tokens' ? [name, ...TOKENS] : name === 'latency_tokens' ? [name, ...LATENCIES] : [name])),
  )
}
