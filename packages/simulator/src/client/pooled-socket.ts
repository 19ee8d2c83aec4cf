import { connect, type Socket } from 'node:net'

/** Why bytes that were waited for did not come. */
export type ReadFailure = 'closed' | 'timeout'

/** One connection to a plugin server with reads that are asked for, as in Kong. */
export class PooledSocket {
  private received: Buffer[] = []
  private waiting: ((outcome: Buffer | ReadFailure) => void) | undefined
  private ended = false

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.received.push(chunk)
      this.wake()
    })
    const end = (): void => {
      this.ended = true
      this.wake()
    }
    socket.on('end', end)
    socket.on('close', end)
    socket.on('error', end)
  }

  /** @throws Error of the operating system when nobody listens. */
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

  /** False when the server closed it or sent bytes nobody asked for: it must not be used again. */
  get reusable(): boolean {
    return !this.ended && this.received.length === 0
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  /** The bytes of the next read, whatever their number. */
  read(timeoutMs: number): Promise<Buffer | ReadFailure> {
    if (this.received.length > 0) return Promise.resolve(this.takeReceived())
    if (this.ended) return Promise.resolve('closed')
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.finish('timeout'), timeoutMs)
      this.waiting = (outcome) => {
        clearTimeout(timer)
        this.waiting = undefined
        resolve(outcome)
      }
    })
  }

  destroy(): void {
    this.socket.destroy()
  }

  private wake(): void {
    if (this.waiting === undefined) return
    if (this.received.length > 0) this.finish(this.takeReceived())
    else if (this.ended) this.finish('closed')
  }

  private finish(outcome: Buffer | ReadFailure): void {
    this.waiting?.(outcome)
  }

  private takeReceived(): Buffer {
    const bytes = Buffer.concat(this.received)
    this.received = []
    return bytes
  }
}
