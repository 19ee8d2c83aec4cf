import type { HeaderList } from '../../model/index.js'
import type { ByteReader, ReadEnd } from '../net/byte-reader.js'

/** The head of a request or response: its first line and its headers, one character a byte (latin1). */
export interface MessageHead {
  readonly firstLine: string
  readonly headers: HeaderList
  /** Its length in bytes, with the empty line. */
  readonly length: number
}

/** Why there is no head. `too-large`: longer than a service may send. `no-http`: the bytes, which stay in the buffer, are not HTTP/1. */
export type HeadFault = ReadEnd | 'too-large' | 'no-http'

const LARGEST_HEAD_BYTES = 1024 * 1024

/** Reads the head of a service's response, with its empty line. */
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

/** False when the first bytes cannot begin a status line. */
function isHttp(bytes: Buffer): boolean {
  return HTTP.startsWith(bytes.toString('latin1', 0, HTTP.length))
}

const HTTP = 'HTTP/'

/** Takes a head from the buffer if all of it has arrived. Skips empty lines before it. */
export function takeHead(reader: ByteReader): MessageHead | undefined {
  skipEmptyLines(reader)
  const length = headLength(reader.buffered)
  return length === undefined ? undefined : parseHead(reader.take(length).toString('latin1'))
}

/** Takes the part of a head that has arrived. */
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

/** nginx takes a line without colon for a header without value. */
function parseHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ +| +$/g, '')]
}

/** Writes a head: the first line, the headers in their order, an empty line. */
export function headBytes(firstLine: string, headers: HeaderList): Buffer {
  return Buffer.from(`${firstLine}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1')
}

/** All values of a header, in order. `name` is in lower case. */
export function headerValues(headers: HeaderList, name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
}

/** True when a header that lists tokens has this token. `name` and `token` are in lower case. */
export function hasToken(headers: HeaderList, name: string, token: string): boolean {
  return headerValues(headers, name).some((value) =>
    value
      .toLowerCase()
      .split(',')
      .some((part) => part.trim() === token),
  )
}
