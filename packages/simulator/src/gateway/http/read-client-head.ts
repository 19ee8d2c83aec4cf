import { headOverflow } from '../../model/index.js'
import type { ByteReader } from './byte-reader.js'
import { takeHead, takePartialHead, type MessageHead } from './read-head.js'

/** A client's head, or what came of it. */
export interface ClientHead extends MessageHead {
  /** Why it stops in its middle. A head that nginx has no room for counts as whole: it is refused for its size. */
  readonly headEnd?: 'ended' | 'timeout'
}

/**
 * Reads the next head of a client's connection.
 * @param idleMs longest wait for its first byte.
 * @param headMs longest wait for the rest.
 * @returns undefined when the client sends no further request, and where it was not even a request line.
 */
export async function readClientHead(reader: ByteReader, idleMs: number, headMs: number): Promise<ClientHead | undefined> {
  if (reader.buffered.length === 0 && (await reader.more(0, idleMs)) !== undefined) return undefined
  const deadline = performance.now() + headMs
  for (;;) {
    const head = takeHead(reader)
    if (head !== undefined) return head
    const { buffered } = reader
    if (headOverflow(lineLengths(buffered)) !== undefined) return takePartialHead(reader)
    const end = await reader.more(buffered.length, Math.max(0, deadline - performance.now()))
    if (end !== undefined) return buffered.includes(0x0a) ? { ...takePartialHead(reader), headEnd: end } : undefined
  }
}

function lineLengths(bytes: Buffer): number[] {
  const lengths: number[] = []
  let from = 0
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, from)) {
    lengths.push(at + 1 - from)
    from = at + 1
  }
  if (from < bytes.length) lengths.push(bytes.length - from)
  return lengths
}
