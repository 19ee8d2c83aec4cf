import { asciiLower } from '@kong-ts/schema/lua'
import type { RequestState } from './request-state.js'

/** `client_header_buffer_size`. */
const FIRST_BUFFER = 1024
/** `large_client_header_buffers`. */
const LARGE_BUFFERS = 4
const LARGE_BUFFER = 8192

/** Why nginx ends a request before any plugin sees it. */
interface Refusal {
  readonly status: number
  /** True when nginx stopped at the request line, so that it has no headers. */
  readonly atRequestLine: boolean
}

/** Tells whether nginx ends this request before any plugin sees it; undefined when it does not. */
export function nginxRefusal(request: RequestState): Refusal | undefined {
  const line = lineRefusal(request)
  if (line !== undefined) return { status: line, atRequestLine: true }
  const status = headRefusal(request)
  return status === undefined ? undefined : { status, atRequestLine: false }
}

function lineRefusal({ client, targetIsValid }: RequestState): number | undefined {
  if (client.httpVersion === '2') return targetIsValid ? undefined : 400
  if (`${client.method} ${client.target} HTTP/1.1`.length > LARGE_BUFFER) return 414
  return /^[A-Z_-]+$/.test(client.method) && targetIsValid ? undefined : 400
}

function headRefusal({ client, target, node }: RequestState): number | undefined {
  const longest = node.settings.clientMaxBodySize || Infinity
  const lines = (wanted: string): string[] => client.headers.filter(([name]) => asciiLower(name) === wanted).map(([, value]) => value)
  const [hosts, lengths, encodings] = [lines('host'), lines('content-length'), lines('transfer-encoding')]
  if (client.headers.some(([name, value]) => name.length + value.length + 2 > LARGE_BUFFER)) return 494
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

/**
 * Puts the lines of an HTTP/1 head into nginx's buffers, where each line lies in one buffer.
 *
 * @param lengths bytes of the request line and of each header line, line ends included. The last line may be incomplete.
 * @returns the part of the head that does not fit; undefined when all of it fits.
 */
export function headOverflow(lengths: readonly number[]): 'request-line' | 'headers' | undefined {
  let room = FIRST_BUFFER
  let large = 0
  for (const [index, length] of lengths.entries()) {
    if (length > room) {
      large++
      room = LARGE_BUFFER
    }
    if (length > room || large > LARGE_BUFFERS) return index === 0 ? 'request-line' : 'headers'
    room -= length
  }
  return undefined
}
