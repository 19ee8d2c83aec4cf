import { connect, type Socket } from 'node:net'

/** Time for which nginx keeps an idle connection, in ms. */
const IDLE_MS = 60_000
/** `lua_socket_pool_size` as Kong sets it. */
const MOST_IDLE = 256

/** The connections that one worker has to one plugin server. Takes the one used last first, as nginx does. */
export class SocketPool {
  readonly #idle: { socket: PooledSocket; timer: NodeJS.Timeout }[] = []
  readonly #inUse = new Set<PooledSocket>()
  #closed = false

  constructor(readonly path: string) {}

  /** An idle connection or a new one. @throws the system's error when nobody listens on the socket. */
  async take(): Promise<PooledSocket> {
    for (;;) {
      const entry = this.#idle.pop()
      if (entry === undefined) break
      clearTimeout(entry.timer)
      if (entry.socket.reusable) {
        this.#inUse.add(entry.socket)
        return entry.socket
      }
      entry.socket.destroy()
    }
    if (this.#closed) throw new Error('the gateway is closing')
    const socket = await PooledSocket.open(this.path)
    this.#inUse.add(socket)
    return socket
  }

  /** Keeps a connection for the next call. */
  keep(socket: PooledSocket): void {
    this.#inUse.delete(socket)
    if (this.#closed || !socket.reusable) return socket.destroy()
    const oldest = this.#idle.length >= MOST_IDLE ? this.#idle.shift() : undefined
    if (oldest !== undefined) {
      clearTimeout(oldest.timer)
      oldest.socket.destroy()
    }
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex((entry) => entry.socket === socket),
        1,
      )
      socket.destroy()
    }, IDLE_MS)
    timer.unref()
    this.#idle.push({ socket, timer })
  }

  /** Closes a connection that must not be used again. */
  drop(socket: PooledSocket): void {
    this.#inUse.delete(socket)
    socket.destroy()
  }

  /** Closes every connection, also those in use. */
  close(): void {
    this.#closed = true
    for (const { socket, timer } of this.#idle.splice(0)) {
      clearTimeout(timer)
      socket.destroy()
    }
    for (const socket of this.#inUse) socket.destroy()
    this.#inUse.clear()
  }
}

/** Why a read gave no bytes. */
export type ReadFailure = 'closed' | 'timeout'

/** One connection to a plugin server, read on demand as in Kong. */
export class PooledSocket {
  readonly #socket: Socket
  #received: Buffer[] = []
  #waiting: ((outcome: Buffer | ReadFailure) => void) | undefined
  #ended = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#received.push(chunk)
      this.#wake()
    })
    const end = (): void => {
      this.#ended = true
      this.#wake()
    }
    socket.on('end', end)
    socket.on('close', end)
    socket.on('error', end)
  }

  /** @throws the system's error when nobody listens. */
  static open(path: string): Promise<PooledSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect(path)
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new PooledSocket(socket))
      })
    })
  }

  /** False when the server has closed it or has sent bytes that nobody waited for. It must not be used again then. */
  get reusable(): boolean {
    return !this.#ended && this.#received.length === 0
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** The bytes that have arrived, or the next ones. */
  read(timeoutMs: number): Promise<Buffer | ReadFailure> {
    if (this.#received.length > 0) return Promise.resolve(this.#takeReceived())
    if (this.#ended) return Promise.resolve('closed')
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#finish('timeout'), timeoutMs)
      this.#waiting = (outcome) => {
        clearTimeout(timer)
        this.#waiting = undefined
        resolve(outcome)
      }
    })
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #wake(): void {
    if (this.#waiting === undefined) return
    if (this.#received.length > 0) this.#finish(this.#takeReceived())
    else if (this.#ended) this.#finish('closed')
  }

  #finish(outcome: Buffer | ReadFailure): void {
    this.#waiting?.(outcome)
  }

  #takeReceived(): Buffer {
    const bytes = Buffer.concat(this.#received)
    this.#received = []
    return bytes
  }
}
