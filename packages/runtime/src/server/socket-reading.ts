import { Socket } from 'node:net'

const READ_BUFFER_BYTES = 256 * 1024

/** One buffer for all connections: a read is handled before the next one begins. Node would make 64 KiB for each read otherwise, and split every message with a body into several. */
export class ReadBuffer {
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)

  /**
   * Begins to read an accepted, paused socket.
   *
   * @param receive is handed a buffer and how many of its bytes, from the first on, have come.
   *
   * Node offers a caller's read buffer (`onread`) only to sockets it makes itself, so the accepted handle is moved to such a socket. That is
   * undocumented: where it does not work, plain `data` events do the same at a higher price.
   */
  read(accepted: Socket, receive: (buffer: Buffer, length: number) => void): Socket {
    const socket = this.#withStaticBuffer(accepted, receive)
    if (socket !== undefined) return socket
    accepted.on('data', (chunk: Buffer) => receive(chunk, chunk.length))
    accepted.resume()
    return accepted
  }

  #withStaticBuffer(accepted: Socket, receive: (buffer: Buffer, length: number) => void): Socket | undefined {
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
    // The accepted socket must not close the handle it has lost.
    Reflect.set(accepted, '_handle', null)
    const socket = Reflect.construct(Socket, [options]) as Socket
    socket.resume()
    return socket
  }
}
