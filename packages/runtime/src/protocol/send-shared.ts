import type { Socket } from 'node:net'

/** A peer that leaves more than this unread is read from no further until it has caught up. */
export const MOST_UNREAD_BYTES = 1024 * 1024

/** Has a buffer that all connections share. */
interface BufferOwner {
  /** Leaves the buffer to whoever was given a part of it and is not through with that. */
  leaveBuffer(): void
}

/**
 * Sends bytes of a shared buffer, which the next message overwrites. What a slow peer does not take at once must stay as it is until it does: the
 * first such message keeps the whole buffer, those that wait behind it are copies, since thousands of short answers with a buffer each would fill
 * the memory.
 */
export function sendShared(socket: Socket, bytes: Uint8Array, owner: BufferOwner): void {
  if (socket.writableLength > 0) {
    socket.write(Buffer.from(bytes))
    return
  }
  socket.write(bytes)
  if (socket.writableLength > 0) owner.leaveBuffer()
}
