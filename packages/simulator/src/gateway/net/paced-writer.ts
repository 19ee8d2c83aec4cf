import type { Writable } from 'node:stream'
import { startPatientTimer } from './patient-timer.js'

/** Writes to a connection at the pace of the other side. */
export class PacedWriter {
  readonly #stream: Writable
  /** Longest wait for the other side to take bytes, in ms; then the connection is closed. */
  readonly #timeoutMs: number
  /** Bytes that the operating system has accepted. */
  bytesSent = 0
  /** True when the connection was closed because the other side took bytes too slowly. */
  isLate = false

  constructor(stream: Writable, timeoutMs: number) {
    this.#stream = stream
    this.#timeoutMs = timeoutMs
  }

  /** Resolves when the bytes are written; to false when the connection is closed. */
  write(...parts: readonly Buffer[]): Promise<boolean> {
    const stream = this.#stream
    return new Promise((resolve) => {
      if (stream.destroyed || stream.writableEnded) return resolve(false)
      const length = parts.reduce((sum, part) => sum + part.length, 0)
      const settle = (isWritten: boolean): void => {
        stopTimer()
        stream.off('close', gone)
        if (isWritten) this.bytesSent += length
        resolve(isWritten)
      }
      const gone = (): void => settle(false)
      const stopTimer = startPatientTimer(this.#timeoutMs, () => {
        this.isLate = true
        stream.destroy()
      })
      stream.once('close', gone)
      stream.cork()
      for (const part of parts.slice(0, -1)) stream.write(part)
      stream.write(parts.at(-1) ?? Buffer.alloc(0), (error) => settle(error === undefined || error === null))
      stream.uncork()
    })
  }
}
