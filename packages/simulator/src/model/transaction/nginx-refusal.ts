import { asciiLower } from '@kong-ts/schema/lua'
import { headOverflow } from '../request/header-buffers.js'
import type { RequestState } from './request-state.js'

const LONGEST_LINE = 8192

/** Why nginx itself ends a request before any plugin sees it. */
export interface Refusal {
  readonly status: number
  /** True when it gave up at the request line, and so knows no headers. */
  readonly unread: boolean
}

/** Whether nginx itself ends a request; undefined for a request it accepts. */
export function nginxRefusal(request: RequestState): Refusal | undefined {
  const line = lineRefusal(request)
  if (line !== undefined) return { status: line, unread: true }
  const status = headRefusal(request)
  return status === undefined ? undefined : { status, unread: false }
}

function lineRefusal({ client, targetIsValid }: RequestState): number | undefined {
  if (client.httpVersion === '2') return targetIsValid ? undefined : 400
  if (`${client.method} ${client.target} HTTP/1.1`.length > LONGEST_LINE) return 414
  return /^[A-Z_-]+$/.test(client.method) && targetIsValid ? undefined : 400
}

function headRefusal({ client, target, node }: RequestState): number | undefined {
  const longest = node.settings.clientMaxBodySize || Infinity
  const lines = (wanted: string): string[] => client.headers.filter(([name]) => asciiLower(name) === wanted).map(([, value]) => value)
  const [hosts, lengths, encodings] = [lines('host'), lines('content-length'), lines('transfer-encoding')]
  if (client.headers.some(([name, value]) => name.length + value.length + 2 > LONGEST_LINE)) return 494
  if (client.httpVersion !== '2') {
    const requestLine = `${client.method} ${client.target} HTTP/1.1\r\n`
    if (headOverflow([requestLine.length, ...client.headers.map(([name, value]) => name.length + value.length + 4)]) === 'headers')
      return 494
    if (hosts.length > 1 || (hosts.length === 0 && client.httpVersion === '1.1')) return 400
    if (![...hosts, target.authority ?? ''].every(isValidHost)) return 400
    if (lengths.length > 1 || lengths.some((value) => !/^\d+$/.test(value)) || encodings.length > 1) return 400
    const [encoding] = encodings
    if (encoding !== undefined && (lengths.length > 0 || client.httpVersion === '1.0')) return 400
    if (encoding !== undefined && asciiLower(encoding) !== 'chunked') return 501
    if (client.method === 'TRACE' || client.method === 'CONNECT') return 405
  }
  return Number(lengths[0] ?? 0) > longest ? 413 : undefined
}

function isValidHost(host: string): boolean {
  return !host.includes('..') && !/[\x00-\x20\x7f/\\]/.test(host) && host !== '.'
}
