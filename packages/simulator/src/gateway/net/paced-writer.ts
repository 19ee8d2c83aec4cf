import type { Writable } from 'node:stream'
import { startPatientTimer } from './patient-timer.js'

/** Writes to a connection one after the other, at the pace of the other side. */
export class PacedWriter {
  readonly #stream: Writable
  /** Longest wait for the other side to take bytes, in ms; the connection is closed then. */
  readonly #timeoutMs: number
  /** Bytes that were handed to the system. */
  bytesSent = 0
  /** True when the other side took too long, and was given up. */
  isLate = false

  constructor(stream: Writable, timeoutMs: number) {
    this.#stream = stream
    this.#timeoutMs = timeoutMs
  }

  /** @returns false when the other side has gone. */
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
