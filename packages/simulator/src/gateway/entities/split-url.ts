import { GatewayConfigError } from '../gateway-errors.js'
import type { JsonRecord } from '../json-record.js'

/** Kong's shorthand: `url` of a service stands for protocol, host, port and path. */
export function splitUrl(service: JsonRecord, where: string): JsonRecord {
  const { url: text, ...rest } = service
  if (typeof text !== 'string') return service
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^(https?|grpcs?|tcp|tls):$/.test(url.protocol) || url.hostname === '') {
    throw new GatewayConfigError(`${where}.url "${text}" is no URL of a service; write it as http://host:port/path`)
  }
  const protocol = url.protocol.slice(0, -1)
  const secure = protocol === 'https' || protocol === 'grpcs' || protocol === 'tls'
  return {
    protocol,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    ...(url.pathname === '/' && !text.endsWith('/') ? {} : { path: url.pathname }),
    ...rest,
  }
}
