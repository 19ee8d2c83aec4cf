import type { HeaderList } from '../../kong/index.js'
import type { ByteReader, ReadEnd } from './byte-reader.js'

/** A head as it came: the first line and the header lines, bytes as latin1. */
export interface MessageHead {
  readonly firstLine: string
  readonly headers: HeaderList
}

/** Why there is no head. `too-large`: more than a proxy accepts. */
export type HeadFault = ReadEnd | 'too-large'

const LARGEST_HEAD_BYTES = 1024 * 1024

/** Reads one message head, up to and with its empty line. Empty lines before it are skipped. */
export async function readHead(reader: ByteReader, timeoutMs: number): Promise<MessageHead | HeadFault> {
  for (let known = 0; ; known = reader.buffered.length) {
    if (reader.buffered.length <= known) {
      const end = await reader.more(known, timeoutMs)
      if (end !== undefined) return end
    }
    skipEmptyLines(reader)
    const length = headLength(reader.buffered)
    if (length !== undefined) return parseHead(reader.take(length).toString('latin1'))
    if (reader.buffered.length > LARGEST_HEAD_BYTES) return 'too-large'
  }
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
  return { firstLine, headers }
}

/** To nginx a line without colon is a header without value. */
function parseHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ +| +$/g, '')]
}
