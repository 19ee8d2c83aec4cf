import { asciiLower } from '../lua/lua-text.js'
import type { RequestState } from './request-state.js'

const LONGEST_LINE = 8192

/** The status with which nginx itself ends a request before any plugin sees it; undefined for a request it accepts. */
export function nginxRefusal(request: RequestState): number | undefined {
  const { client } = request
  if (client.httpVersion === '2') return request.targetIsValid ? undefined : 400
  if (`${client.method} ${client.target} HTTP/1.1`.length > LONGEST_LINE) return 414
  if (!/^[A-Z_-]+$/.test(client.method) || !request.targetIsValid) return 400
  if (client.headers.some(([name, value]) => name.length + value.length + 2 > LONGEST_LINE)) return 494
  const hosts = client.headers.filter(([name]) => asciiLower(name) === 'host')
  if (hosts.length > 1 || (hosts.length === 0 && client.httpVersion === '1.1')) return 400
  if (hosts.some(([, value]) => !isValidHost(value)) || !isValidHost(request.target.authority ?? '')) return 400
  const lengths = client.headers.filter(([name]) => asciiLower(name) === 'content-length')
  const encodings = client.headers.filter(([name]) => asciiLower(name) === 'transfer-encoding')
  if (lengths.length > 1 || lengths.some(([, value]) => !/^\d+$/.test(value)) || encodings.length > 1) return 400
  const [encoding] = encodings
  if (encoding && (lengths.length > 0 || client.httpVersion === '1.0')) return 400
  if (encoding && asciiLower(encoding[1]) !== 'chunked') return 501
  return client.method === 'TRACE' || client.method === 'CONNECT' ? 405 : undefined
}

function isValidHost(host: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !host.includes('..') && !/[\x00-\x20\x7f/\\]/.test(host) && host !== '.'
}
