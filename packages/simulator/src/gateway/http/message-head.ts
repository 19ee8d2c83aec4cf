import type { HeaderList } from '../../model/index.js'
import type { ByteReader, ReadEnd } from '../net/byte-reader.js'

/** A head as it came: the first line and the header lines, bytes as latin1. */
export interface MessageHead {
  readonly firstLine: string
  readonly headers: HeaderList
  /** Bytes it took, its empty line included. */
  readonly length: number
}

/** Why there is no head. `too-large`: more than a service may send. `no-http`: what has come, and was not taken, is something else. */
export type HeadFault = ReadEnd | 'too-large' | 'no-http'

const LARGEST_HEAD_BYTES = 1024 * 1024

/** Reads the head of a service's answer, up to and with its empty line. */
export async function readHead(reader: ByteReader, timeoutMs: number): Promise<MessageHead | HeadFault> {
  for (let known = 0; ; known = reader.buffered.length) {
    if (reader.buffered.length <= known) {
      const end = await reader.more(known, timeoutMs)
      if (end !== undefined) return end
    }
    if (!isHttp(reader.buffered)) return 'no-http'
    const head = takeHead(reader)
    if (head !== undefined) return head
    if (reader.buffered.length > LARGEST_HEAD_BYTES) return 'too-large'
  }
}

/** False once the first bytes show that no status line begins. */
function isHttp(bytes: Buffer): boolean {
  return HTTP.startsWith(bytes.toString('latin1', 0, HTTP.length))
}

const HTTP = 'HTTP/'

/** Takes a head if all of it has come. Empty lines before it are skipped. */
export function takeHead(reader: ByteReader): MessageHead | undefined {
  skipEmptyLines(reader)
  const length = headLength(reader.buffered)
  return length === undefined ? undefined : parseHead(reader.take(length).toString('latin1'))
}

/** Takes what has come of a head that goes no further. */
export function takePartialHead(reader: ByteReader): MessageHead {
  return parseHead(reader.take(reader.buffered.length).toString('latin1'))
}

function skipEmptyLines(reader: ByteReader): void {
  let blank = 0
  while (reader.buffered[blank] === 0x0d || reader.buffered[blank] === 0x0a) blank++
  if (blank > 0) reader.take(blank)
}

function headLength(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3
  }
  return undefined
}

function parseHead(text: string): MessageHead {
  const [firstLine = '', ...lines] = text.split(/\r?\n/)
  const headers = lines.filter((line) => line !== '').map(parseHeader)
  return { firstLine, headers, length: text.length }
}

/** To nginx a line without colon is a header without value. */
function parseHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ +| +$/g, '')]
}

/** A head as bytes: the first line, the headers in their order, an empty line. */
export function headBytes(firstLine: string, headers: HeaderList): Buffer {
  return Buffer.from(`${firstLine}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1')
}

/** All values of a header, in order. `name` in lower case. */
export function headerValues(headers: HeaderList, name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
}

/** True when a header that is a list of tokens has this one. Both in lower case. */
export function hasToken(headers: HeaderList, name: string, token: string): boolean {
  return headerValues(headers, name).some((value) =>
    value
      .toLowerCase()
      .split(',')
      .some((part) => part.trim() === token),
  )
}
