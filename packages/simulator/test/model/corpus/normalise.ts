import type { CallRecord } from './corpus-case.js'

export const PROXY_PORT = 28000
export const PROXY_TLS_PORT = 28443
export const CLIENT_PORT = 40123
export const HOSTNAME = 'stand-in-host'

const PORTS: readonly (readonly [number, string])[] = [
  [PROXY_PORT, 'PROXY_PORT'],
  [PROXY_TLS_PORT, 'PROXY_TLS_PORT'],
  [28080, 'UPSTREAM_PORT'],
  [28081, 'UPSTREAM_B_PORT'],
  [28082, 'UPSTREAM_TLS_PORT'],
  [28001, 'ADMIN_PORT'],
  [CLIENT_PORT, 'CLIENT_PORT'],
]
const PORT_TEXTS = PORTS.map(([port, name]) => [new RegExp(`(?<![0-9A-Za-z])${port}(?![0-9A-Za-z])`, 'g'), `<${name}>`] as const)
const HEX32 = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g
const LATENCY = /^(x-kong-(upstream|proxy|response|request|total|third-party|client)-latency)$/i
const VARYING_VARIABLES = new RegExp(
  '^(request_time|msec|time_iso8601|time_local|request_id|kong_request_id|connection|connection_requests|pid|nginx_version|hostname|' +
    'remote_port|realip_remote_port|upstream_response_time|upstream_connect_time|upstream_header_time|tcpinfo_.*|' +
    'ssl_session_id|ssl_cipher|ssl_curves?|ssl_ciphers|connections_\\w+|connection_time|' +
    'bytes_sent|body_bytes_sent|proxy_protocol_port)$',
)
const TIMES: Readonly<Record<string, string>> = { 'kong.request.get_start_time': 'MS_EPOCH', 'kong.nginx.req_start_time': 'S_EPOCH' }

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: string): string {
  if (value.length > 60_000) return value
  const ports = PORT_TEXTS.reduce((out, [pattern, name]) => out.replace(pattern, name), value)
  return ports
    .replace(HEX32, '<HEX32>')
    .replaceAll(HOSTNAME, '<HOSTNAME>')
    .replace(/\btable: 0x[0-9a-f]{6,}/g, 'table: 0xPTR')
    .replace(/client_body_temp\/\d+/g, 'client_body_temp/N')
}

/** Replaces ports, ids and times with the corpus's names for them. */
export function normalise(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') {
    const port = PORTS.find(([number]) => number === value)
    if (port) return { $var: port[1] }
    return (key === 'created_at' || key === 'updated_at') && value > 1e9 ? { $var: 'TIME' } : value
  }
  if (Array.isArray(value)) return value.map((item) => normalise(item, key))
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, normalise(member, name)]))
  return value
}

/** Replaces dates and latencies in a header list. */
export function normaliseHeaders(headers: readonly (readonly [string, string])[]): unknown {
  return headers.map(([name, value]) => [name, /^date$/i.test(name) ? '<DATE>' : LATENCY.test(name) ? '<MS>' : value])
}

/** Replaces what depends on time and machine in the answer of a call. */
export function normaliseCall(call: CallRecord): CallRecord {
  if (call.value === undefined) return call
  const value = special(call)
  // In a record that is not UTF-8 only the ids are replaced.
  return {
    ...call,
    value: isRecord(value) && '$json_latin1' in value ? JSON.parse(JSON.stringify(value).replace(HEX32, '<HEX32>')) : normalise(value),
  }
}

function special({ method, args, value }: CallRecord): unknown {
  const first = Array.isArray(args) ? String(args[0]) : ''
  if (method === 'kong.log.serialize' && typeof value === 'string') return { $json: scrubRecord(JSON.parse(value)) }
  if (method === 'kong.log.serialize' && isRecord(value) && typeof value['$str64'] === 'string') {
    return { $json_latin1: scrubRecord(JSON.parse(Buffer.from(value['$str64'], 'base64').toString('latin1'))) }
  }
  const time = TIMES[method]
  if (time !== undefined && (typeof value === 'number' || isRecord(value)))
    return { $var: time, type: time === 'S_EPOCH' ? 'float' : 'int' }
  if (method === 'kong.node.get_id' && typeof value === 'string') return { $var: 'NODE_ID' }
  if (method === 'kong.node.get_hostname') return { $var: 'HOSTNAME' }
  if (method === 'kong.nginx.get_statistics' && isRecord(value)) return mapNumbers(value, () => ({ $var: 'COUNT' }))
  if (method === 'kong.node.get_memory_stats')
    return mapNumbers(value, (member) =>
      typeof member === 'number'
        ? { $var: 'NUMBER' }
        : {
            $var: 'SIZE_TEXT',
            unit: String(member)
              .replace(/[\d.]+/, '')
              .trim(),
          },
    )
  if (method === 'kong.nginx.get_var' && typeof value === 'string') {
    if (VARYING_VARIABLES.test(first) && value !== '') return { $var: `VAR_${first}` }
    if (/^(document_root|request_filename|ctx_ref)$/.test(first)) return { $var: `VAR_${first}` }
  }
  if (method === 'kong.nginx.get_ctx' && typeof value === 'number' && /^KONG_|balancer_|_start|_end/i.test(first)) return { $var: 'NUMBER' }
  if (/kong\.(service\.)?response\.get_headers?$/.test(method)) return responseHeaders(first, value)
  return value
}

function mapNumbers(value: unknown, map: (member: number | string) => unknown): unknown {
  if (typeof value === 'number' || (typeof value === 'string' && /\d/.test(value))) return map(value)
  if (Array.isArray(value)) return value.map((item) => mapNumbers(item, map))
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapNumbers(member, map)])) : value
}

function responseHeaders(name: string, value: unknown): unknown {
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, /^date$/i.test(key) ? ['<DATE>'] : LATENCY.test(key) ? ['<MS>'] : member]),
    )
  if (typeof value !== 'string') return value
  return LATENCY.test(name) ? '<MS>' : /^date$/i.test(name) ? '<DATE>' : value
}

function scrubRecord(record: unknown): unknown {
  if (!isRecord(record)) return record
  const out: Record<string, unknown> = { ...record }
  const ms = { $var: 'MS' }
  if (isRecord(out['latencies'])) out['latencies'] = Object.fromEntries(Object.keys(out['latencies']).map((key) => [key, ms]))
  if (out['started_at'] !== undefined) out['started_at'] = { $var: 'MS_EPOCH' }
  if (out['workspace'] !== undefined) out['workspace'] = { $var: 'WORKSPACE_ID' }
  const { response } = out
  if (isRecord(response)) {
    const headers = isRecord(response['headers']) ? scrubHeaders(response['headers']) : response['headers']
    out['response'] = { ...response, headers, ...(typeof response['size'] === 'number' ? { size: { $var: 'SIZE' } } : {}) }
  }
  for (const name of ['route', 'service', 'consumer']) out[name] = isRecord(out[name]) ? withoutStamps(out[name]) : out[name]
  if (Array.isArray(out['tries']))
    out['tries'] = out['tries'].map((attempt) =>
      isRecord(attempt)
        ? Object.fromEntries(Object.entries(attempt).map(([key, value]) => [key, /latency|start/.test(key) ? ms : value]))
        : attempt,
    )
  return out
}

function withoutStamps(entity: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(entity).map(([key, value]) => [key, key === 'created_at' || key === 'updated_at' ? { $var: 'TIME' } : value]),
  )
}

function scrubHeaders(headers: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(headers).map(([key, value]) => [key, LATENCY.test(key) ? '<MS>' : /^date$/i.test(key) ? '<DATE>' : value]),
  )
}

/** Replaces a random multipart boundary, and the lengths that depend on it. */
export function hideBoundary<Record extends { readonly calls: readonly CallRecord[]; readonly upstream: unknown }>(
  record: Record,
  boundary: string,
): Record {
  const calls = record.calls.map((call) => {
    const isLength = call.method === 'kong.request.get_header' && Array.isArray(call.args) && call.args[0] === 'content-length'
    return isLength ? { ...call, value: '<LEN>' } : { ...call, value: hideIn(call.value, boundary) }
  })
  return { ...record, calls, upstream: hideIn(record.upstream, boundary) }
}

function hideIn(value: unknown, boundary: string): unknown {
  if (typeof value === 'string') return value.replaceAll(boundary, '<BOUNDARY>')
  if (Array.isArray(value)) {
    const isLength = value.length === 2 && typeof value[0] === 'string' && /^content-length$/i.test(value[0])
    return isLength ? [value[0], '<LEN>'] : value.map((item) => hideIn(item, boundary))
  }
  if (!isRecord(value)) return value
  for (const [kind, shown] of [
    ['$bin', '$bin_latin1'],
    ['$b64', '$b64_latin1'],
  ] as const) {
    const encoded = value[kind]
    const text = typeof encoded === 'string' ? Buffer.from(encoded, 'base64').toString('latin1') : ''
    if (text.includes(boundary)) return { [shown]: text.replaceAll(boundary, '<BOUNDARY>') }
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hideIn(member, boundary)]))
}
