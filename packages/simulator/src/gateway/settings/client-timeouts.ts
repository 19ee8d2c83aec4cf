import { GatewayConfigError } from '../report/gateway-report.js'

/** How long nginx waits for a client, in ms. */
export interface ClientTimeouts {
  /** For the first byte on a new connection, and from the first byte of a head to its end. */
  readonly head: number
  /** For the next request on a connection. */
  readonly keepalive: number
  /** For the next bytes of a body. */
  readonly body: number
  /** For the client to take bytes of a response. */
  readonly send: number
}

const DEFAULTS: ClientTimeouts = { head: 60_000, keepalive: 75_000, body: 60_000, send: 60_000 }
/** Directives of nginx. kong.conf sets them as `nginx_http_<directive>` or as `nginx_proxy_<directive>`; the latter wins. */
const DIRECTIVES = {
  head: 'client_header_timeout',
  keepalive: 'keepalive_timeout',
  body: 'client_body_timeout',
  send: 'send_timeout',
} as const
const PREFIXES = ['nginx_proxy_', 'nginx_http_']
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, '': 1000 }

/** True for a setting of kong.conf that is one of these timeouts. */
export function isTimeoutKey(name: string): boolean {
  return PREFIXES.some((prefix) => Object.values(DIRECTIVES).some((directive) => name === prefix + directive))
}

/** @throws GatewayConfigError for a value that nginx refuses. */
export function clientTimeouts(settings: Readonly<Record<string, string>>): ClientTimeouts {
  const given = (directive: string): number | undefined => {
    const name = PREFIXES.map((prefix) => prefix + directive).find((each) => settings[each] !== undefined)
    return name === undefined ? undefined : milliseconds(settings[name] ?? '', name)
  }
  return {
    head: given(DIRECTIVES.head) ?? DEFAULTS.head,
    keepalive: given(DIRECTIVES.keepalive) ?? DEFAULTS.keepalive,
    body: given(DIRECTIVES.body) ?? DEFAULTS.body,
    send: given(DIRECTIVES.send) ?? DEFAULTS.send,
  }
}

/** A time as nginx writes it: `75`, `75s`, `1m`, `250ms`. */
function milliseconds(text: string, name: string): number {
  const [, count, unit = ''] = /^(\d{1,9})(ms|s|m|h)?$/.exec(text.trim()) ?? []
  if (count === undefined) throw new GatewayConfigError(`${name} is "${text}"; write a time as nginx does, such as 60s or 500ms`)
  return Number(count) * (UNITS[unit] ?? 1000)
}
