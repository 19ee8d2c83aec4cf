import type { Duplex } from 'node:stream'
import type { ByteReader } from '../net/byte-reader.js'
import { PacedWriter } from '../net/paced-writer.js'

/** One end of a tunnel. */
export interface TunnelEnd {
  readonly stream: Duplex
  readonly reader: ByteReader
  /** Longest time in which neither end sends, in ms. */
  readonly timeoutMs: number
}

/**
 * Carries bytes in both directions until one end ends or both are silent for too long. Delivers first what the ended one has sent.
 * @returns the number of bytes sent to the client.
 */
export async function carryTunnel(client: Omit<TunnelEnd, 'timeoutMs'>, service: TunnelEnd): Promise<number> {
  const { timeoutMs } = service
  const toClient = new PacedWriter(client.stream, timeoutMs)
  let lastMove = performance.now()
  const carry = async (from: ByteReader, to: PacedWriter): Promise<void> => {
    for (;;) {
      const left = lastMove + timeoutMs - performance.now()
      if (left <= 0) return
      const end = from.buffered.length > 0 ? undefined : await from.more(0, left)
      if (end === 'ended') return
      // Meanwhile the other direction may have carried bytes.
      if (end === 'timeout') continue
      lastMove = performance.now()
      if (!(await to.write(from.take(from.buffered.length)))) return
    }
  }
  await Promise.race([carry(service.reader, toClient), carry(client.reader, new PacedWriter(service.stream, timeoutMs))])
  service.stream.destroy()
  return toClient.bytesSent
}
