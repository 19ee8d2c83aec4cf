import type { Logger, SerializedError } from 'pino'
import { createErrorSerializer } from './error-serializer.js'
import { formatRecord } from './format-record.js'
import { SourcePositions } from './source-positions.js'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export const LOG_FORMATS = ['text', 'json'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

/** What a record is about. */
export interface LogContext {
  readonly plugin?: string
  readonly instance?: number
  readonly event?: number
  readonly phase?: string
  /** Kong's id of the request, as in its own logs and the X-Kong-Request-Id header. */
  readonly request?: string
  readonly err?: unknown
}

/** The plugin server's own log: one line per record on stderr, which Kong passes on to its error log. */
export interface ServerLog {
  debug(context: LogContext, text: string): void
  info(context: LogContext, text: string): void
  warn(context: LogContext, text: string): void
  error(context: LogContext, text: string): void
}

export interface ServerLogOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  /** Where lines go; stderr by default. */
  readonly write?: (line: string) => void
}

/** Creates a log. Values of secret fields must never be handed to it: it prints what it gets. */
export async function createServerLog({ level, format, write = writeToStderr }: ServerLogOptions): Promise<ServerLog> {
  // Loaded here, so that a dump does without it: Kong waits for dumps.
  const { pino } = await import('pino')
  const destination = { write: format === 'json' ? write : (line: string) => write(formatRecord(line)) }
  const positions = new SourcePositions()
  const logger: Logger = pino(
    {
      level,
      base: { pid: process.pid },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: createErrorSerializer((error) => withSourcePositions(pino.stdSerializers.err(error), positions)) },
    },
    destination,
  )
  return logger
}

function withSourcePositions(error: SerializedError, positions: SourcePositions): object {
  return { ...error, stack: positions.inStack(error.stack) }
}

function writeToStderr(line: string): void {
  process.stderr.write(line)
}
