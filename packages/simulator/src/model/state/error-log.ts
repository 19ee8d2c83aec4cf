import { LOG_LEVELS, type LogLevel } from '../node/kong-settings.js'

/** A line of Kong's error.log. */
export interface LogLine {
  readonly level: LogLevel
  /** Without time, process and connection. */
  readonly text: string
}

/** Collects the lines that one request writes to error.log, without those below the node's log level. */
export class ErrorLog {
  readonly lines: LogLine[] = []
  readonly #lowest: number

  constructor(lowest: LogLevel) {
    this.#lowest = LOG_LEVELS.indexOf(lowest)
  }

  /** True when lines of this level are written. */
  accepts(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#lowest
  }

  /** Writes a line. Control characters are written as `\x..`, as nginx does. */
  write(level: LogLevel, text: string): void {
    if (!this.accepts(level)) return
    this.lines.push({
      level,
      text: text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`),
    })
  }
}
