import { KongRaise } from '../protocol/plugin-server-client.js'
import type { PooledSocket, ReadFailure } from '../protocol/socket-pool.js'

const LENGTH_BYTES = 4
const LARGEST_FRAME_BYTES = 1024 * 1024 * 1024

/** Reads frames of ProtoBuf:1 from one connection: a length of 32 bits, little-endian, and that many bytes. */
export class FrameReader {
  readonly #socket: PooledSocket
  readonly #timeoutMs: number
  #buffer: Buffer = Buffer.alloc(0)

  constructor(socket: PooledSocket, timeoutMs: number) {
    this.#socket = socket
    this.#timeoutMs = timeoutMs
  }

  /** The next frame, which may be empty. A frame that is cut off gives `closed`. */
  async frame(): Promise<Buffer | ReadFailure> {
    const head = await this.#exactly(LENGTH_BYTES)
    if (typeof head === 'string') return head
    const length = head.readUInt32LE()
    if (length > LARGEST_FRAME_BYTES) throw new KongRaise(`frame of ${length} bytes`)
    return this.#exactly(length)
  }

  async #exactly(length: number): Promise<Buffer | ReadFailure> {
    const parts = [this.#buffer]
    let size = this.#buffer.length
    while (size < length) {
      const chunk = await this.#socket.read(this.#timeoutMs)
      if (typeof chunk === 'string') return chunk
      parts.push(chunk)
      size += chunk.length
    }
    const all = Buffer.concat(parts)
    this.#buffer = all.subarray(length)
    return all.subarray(0, length)
  }
}

/** Sends a frame as Kong does: its length and its bytes in two writes, which often arrive in two reads. */
export function sendFrame(socket: PooledSocket, payload: Buffer): void {
  const head = Buffer.alloc(LENGTH_BYTES)
  head.writeUInt32LE(payload.length)
  socket.send(head)
  if (payload.length > 0) socket.send(payload)
}
