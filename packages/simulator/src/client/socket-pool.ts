import { PooledSocket } from './pooled-socket.js'

/** nginx keeps an idle connection this long, in ms. */
const IDLE_MS = 60_000
/** `lua_socket_pool_size` as Kong sets it. */
const MOST_IDLE = 256

/** The connections one worker keeps to one plugin server. The one used last is taken first, as in nginx. */
export class SocketPool {
  private readonly idle: { socket: PooledSocket; timer: NodeJS.Timeout }[] = []
  private readonly inUse = new Set<PooledSocket>()
  private closed = false

  constructor(readonly path: string) {}

  /** @throws Error of the operating system when nobody listens on the socket. */
  async take(): Promise<PooledSocket> {
    for (;;) {
      const entry = this.idle.pop()
      if (entry === undefined) break
      clearTimeout(entry.timer)
      if (entry.socket.reusable) {
        this.inUse.add(entry.socket)
        return entry.socket
      }
      entry.socket.destroy()
    }
    if (this.closed) throw new Error('the gateway is closing')
    const socket = await PooledSocket.open(this.path)
    this.inUse.add(socket)
    return socket
  }

  /** Puts a connection back. */
  keep(socket: PooledSocket): void {
    this.inUse.delete(socket)
    if (this.closed || !socket.reusable) return socket.destroy()
    const oldest = this.idle.length >= MOST_IDLE ? this.idle.shift() : undefined
    if (oldest !== undefined) {
      clearTimeout(oldest.timer)
      oldest.socket.destroy()
    }
    const timer = setTimeout(() => {
      this.idle.splice(
        this.idle.findIndex((entry) => entry.socket === socket),
        1,
      )
      socket.destroy()
    }, IDLE_MS)
    timer.unref()
    this.idle.push({ socket, timer })
  }

  /** Closes a connection that must not be used again. */
  drop(socket: PooledSocket): void {
    this.inUse.delete(socket)
    socket.destroy()
  }

  /** Closes every connection, those in use too. */
  close(): void {
    this.closed = true
    for (const { socket, timer } of this.idle.splice(0)) {
      clearTimeout(timer)
      socket.destroy()
    }
    for (const socket of this.inUse) socket.destroy()
    this.inUse.clear()
  }
}
