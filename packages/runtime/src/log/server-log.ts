import { formatJson, formatText, type LogContext } from './log-record.js'
import { SourcePositions } from './source-positions.js'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export const LOG_FORMATS = ['text', 'json'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

/** The plugin server's own log: one line per record on stderr, which Kong copies into its error log. */
export interface ServerLog {
  debug(context: LogContext, text: string): void
  info(context: LogContext, text: string): void
  warn(context: LogContext, text: string): void
  error(context: LogContext, text: string): void
}

export interface ServerLogOptions {
  /** Records below this level are not written. */
  readonly level: LogLevel
  readonly format: LogFormat
  /** Takes each line. Default: stderr. */
  readonly write?: (line: string) => void
}

/** Creates a log. Never give it the value of a secret field: it prints what it gets. */
export function createServerLog(options: ServerLogOptions): ServerLog {
  return new LineLog(options)
}

class LineLog implements ServerLog {
  readonly #lowest: number
  readonly #format: typeof formatText
  readonly #write: (line: string) => void
  readonly #positions = new SourcePositions()

  constructor({ level, format, write = writeToStderr }: ServerLogOptions) {
    this.#lowest = LOG_LEVELS.indexOf(level)
    this.#format = format === 'json' ? formatJson : formatText
    this.#write = write
  }

  debug(context: LogContext, text: string): void {
    this.#record('debug', context, text)
  }

  info(context: LogContext, text: string): void {
    this.#record('info', context, text)
  }

  warn(context: LogContext, text: string): void {
    this.#record('warn', context, text)
  }

  error(context: LogContext, text: string): void {
    this.#record('error', context, text)
  }

  #record(level: LogLevel, context: LogContext, text: string): void {
    if (LOG_LEVELS.indexOf(level) >= this.#lowest) this.#write(this.#format(level, context, text, this.#positions))
  }
}

/** Node writes to a pipe or a file at once, so that no line is lost when the process ends. */
function writeToStderr(line: string): void {
  process.stderr.write(line)
}
