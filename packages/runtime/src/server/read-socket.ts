import { Socket } from 'node:net'

const READ_BUFFER_BYTES = 256 * 1024

/** How sockets are read: into one buffer for all of them, or by `data` events with a new buffer for each read. */
export type ReadingPath = 'shared-buffer' | 'data-events'

/** Takes a buffer and the number of its bytes, from the first on, that were read. */
export type Receive = (buffer: Buffer, length: number) => void

/**
 * Reads accepted sockets into one buffer. One is enough for all connections, because a read is handled before the next one begins. Node would
 * allocate 64 KiB for each read and split every message with a body into several.
 */
export class SocketReader {
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  #path: ReadingPath | undefined

  /** How the last socket is read; `undefined` before the first. */
  get path(): ReadingPath | undefined {
    return this.#path
  }

  /**
   * Begins to read an accepted, paused socket.
   *
   * Node takes a caller's buffer (`onread`) only for sockets that it makes itself, so the handle of the accepted socket is moved to such a socket.
   * That is not documented. Where it does not work, plain `data` events do the same at a higher cost.
   *
   * @returns the socket to use from now on.
   */
  read(accepted: Socket, receive: Receive): Socket {
    const socket = this.#withSharedBuffer(accepted, receive)
    this.#path = socket === undefined ? 'data-events' : 'shared-buffer'
    if (socket !== undefined) return socket
    accepted.on('data', (chunk: Buffer) => receive(chunk, chunk.length))
    accepted.resume()
    return accepted
  }

  #withSharedBuffer(accepted: Socket, receive: Receive): Socket | undefined {
    const handle: unknown = Reflect.get(accepted, '_handle')
    if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle)) return undefined
    const buffer = this.#buffer
    const options = {
      handle,
      onread: {
        buffer,
        callback: (bytes: number) => {
          receive(buffer, bytes)
          return true
        },
      },
    }
    // The accepted socket must not close the handle that it has lost.
    Reflect.set(accepted, '_handle', null)
    const socket = Reflect.construct(Socket, [options]) as Socket
    socket.resume()
    return socket
  }
}
