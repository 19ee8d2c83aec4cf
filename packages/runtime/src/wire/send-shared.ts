import type { Socket } from 'node:net'

/** When a peer leaves more than this unread, the server stops reading from it until the peer has caught up. */
export const MOST_UNREAD_BYTES = 1024 * 1024

/** Writes messages into one buffer for all connections. */
interface BufferOwner {
  /** Gives up the buffer: a socket still reads part of it, so the next message gets a new one. */
  leaveBuffer(): void
}

/**
 * Sends bytes of a shared buffer, which the next message overwrites. When a slow peer does not take all of them at once, the rest must stay
 * unchanged: the first such message keeps the whole buffer. Messages that wait behind it are copied, because a buffer for each of thousands
 * of short answers would fill the memory.
 */
export function sendShared(socket: Socket, bytes: Uint8Array, owner: BufferOwner): void {
  if (socket.writableLength > 0) {
    socket.write(Buffer.from(bytes))
    return
  }
  socket.write(bytes)
  if (socket.writableLength > 0) owner.leaveBuffer()
}
