import { GatewayConfigError } from '../gateway-errors.js'
import type { ListenAddress } from './kong-settings.js'

const FLAGS_WITHOUT_EFFECT = new Set([
  'reuseport',
  'deferred',
  'so_keepalive=on',
  'so_keepalive=off',
  'proxy_protocol=off',
  'ipv6only=on',
  'ipv6only=off',
])

/**
 * Reads a `…_listen` setting: `off`, or addresses parted by commas with Kong's flags after them.
 * Whatever host it names, the stand-in listens on loopback only, so that it is never reached from elsewhere.
 */
export function parseListen(value: string, where: string): readonly ListenAddress[] {
  if (value.trim() === 'off') return []
  return value.split(',').map((part) => parseAddress(part.trim(), where))
}

function parseAddress(text: string, where: string): ListenAddress {
  const [address = '', ...flags] = text.split(/\s+/)
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon)
  const port = address.slice(colon + 1)
  if (colon < 1 || !/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new GatewayConfigError(`${where}: "${text}" is no address; write host:port, for example 127.0.0.1:8000`)
  }
  let tls = false
  let http2 = false
  for (const flag of flags) {
    if (flag === 'ssl') tls = true
    else if (flag === 'http2') http2 = true
    else if (!FLAGS_WITHOUT_EFFECT.has(flag) && !flag.startsWith('backlog=')) {
      throw new GatewayConfigError(`${where}: flag "${flag}" is not simulated; known are ssl and http2`)
    }
  }
  return { host: host === '[::1]' ? '::1' : '127.0.0.1', port: Number(port), tls, http2 }
}
