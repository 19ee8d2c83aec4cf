interface LogRecord {
  readonly level: string
  readonly msg: string
  readonly plugin?: string
  readonly phase?: string
  readonly instance?: number
  readonly event?: number
  readonly request?: string
  /** An error as pino writes it, or whatever else was thrown. */
  readonly err?: unknown
}

const IDS = ['instance', 'event', 'request'] as const

/** A JSON record as one line for people: `error [hello access] text (instance 1, event 2) | stack`. Line breaks would make several records of it in Kong's log. */
export function formatRecord(line: string): string {
  const { level, msg, plugin, phase, err, ...named } = JSON.parse(line) as LogRecord
  const where = [plugin, phase].filter((part) => part !== undefined).join(' ')
  const ids = IDS.flatMap((name) => (named[name] === undefined ? [] : [`${name} ${named[name]}`])).join(', ')
  const stack = err === undefined ? undefined : describeCause(err)
  const text = `${level} ${where === '' ? '' : `[${where}] `}${msg}${ids === '' ? '' : ` (${ids})`}${stack === undefined ? '' : ` | ${stack}`}`
  return `${text.replaceAll(/\s*\n\s*/g, ' ⏎ ')}\n`
}

function describeCause(err: unknown): string {
  const { stack, message } = (typeof err === 'object' && err !== null ? err : {}) as {
    readonly stack?: unknown
    readonly message?: unknown
  }
  if (typeof stack === 'string') return stack
  return typeof message === 'string' ? message : `thrown: ${JSON.stringify(err)}`
}
