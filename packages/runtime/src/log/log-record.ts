import type { SourcePositions } from './source-positions.js'

/** What a record is about. */
export interface LogContext {
  readonly plugin?: string
  readonly instance?: number
  readonly event?: number
  readonly phase?: string
  /** Kong's id of the request, as in its own logs and the X-Kong-Request-Id header. */
  readonly request?: string
  /** What was thrown. */
  readonly err?: unknown
}

/**
 * What the log holds of an error. Not its other members: HTTP clients hang the whole request on their errors, credentials included.
 */
interface LoggedError {
  readonly type?: string
  readonly message?: string
  readonly code?: string | number
  readonly stack?: string
}

const UNREADABLE: LoggedError = Object.freeze({ message: 'an error that cannot be read' })

/** Formats a record as one line of JSON. */
export function formatJson(level: string, { err, ...context }: LogContext, msg: string, positions: SourcePositions): string {
  const record = { level, time: new Date().toISOString(), pid: process.pid, ...context }
  return `${JSON.stringify(err === undefined ? { ...record, msg } : { ...record, err: describe(err, positions), msg })}\n`
}

const IDS = ['instance', 'event', 'request'] as const

/**
 * Formats a record as one line for people: `error [hello access] text (instance 1, event 2) | stack`. Line breaks are replaced, because Kong's log
 * would split the record there.
 */
export function formatText(level: string, { err, ...context }: LogContext, msg: string, positions: SourcePositions): string {
  const where = [context.plugin, context.phase].filter((part) => part !== undefined).join(' ')
  const ids = IDS.flatMap((name) => (context[name] === undefined ? [] : [`${name} ${context[name]}`])).join(', ')
  const cause = err === undefined ? '' : ` | ${causeText(describe(err, positions))}`
  const text = `${level} ${where === '' ? '' : `[${where}] `}${msg}${ids === '' ? '' : ` (${ids})`}${cause}`
  return `${text.replaceAll(/\s*\n\s*/g, ' ⏎ ')}\n`
}

function causeText(described: unknown): string {
  const { stack, message } = (typeof described === 'object' && described !== null ? described : {}) as LoggedError
  return stack ?? message ?? `thrown: ${JSON.stringify(described)}`
}

/** Describes whatever was thrown, and never throws: a frozen error, or a member that throws, must not cost the record. */
function describe(thrown: unknown, positions: SourcePositions): unknown {
  try {
    return thrown instanceof Error ? describeError(thrown, positions) : plainValue(thrown)
  } catch {
    return UNREADABLE
  }
}

function describeError(error: Error, positions: SourcePositions): LoggedError {
  const { code } = error as { readonly code?: unknown }
  return {
    type: typeof error.constructor === 'function' ? error.constructor.name : error.name,
    message: causesOf(error)
      .map(({ message }) => String(message))
      .join(': '),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: positions.inStack(
      causesOf(error)
        .map(({ stack }) => String(stack))
        .join('\ncaused by: '),
    ),
  }
}

/** An error, its cause, the cause of that, and so on. */
function causesOf(error: Error): readonly Error[] {
  const causes = [error]
  for (let next = error.cause; next instanceof Error && !causes.includes(next); next = next.cause) causes.push(next)
  return causes
}

/** A copy of a thrown value that JSON can hold. */
function plainValue(thrown: unknown): unknown {
  const text = JSON.stringify(thrown) as string | undefined
  return text === undefined ? { message: String(thrown) } : (JSON.parse(text) as unknown)
}
