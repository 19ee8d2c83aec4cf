interface LogRecord {
  readonly level: string
  readonly msg: string
  readonly plugin?: string
  readonly phase?: string
  readonly instance?: number
  readonly event?: number
  readonly err?: { readonly stack?: string; readonly message?: string }
}

/** A JSON record as one line for people: `error [hello access] text (instance 1, event 2) | stack`. Line breaks would make several records of it in Kong's log. */
export function formatRecord(line: string): string {
  const { level, msg, plugin, phase, instance, event, err } = JSON.parse(line) as LogRecord
  const where = [plugin, phase].filter((part) => part !== undefined).join(' ')
  const ids = [instance === undefined ? undefined : `instance ${instance}`, event === undefined ? undefined : `event ${event}`].filter((part) => part !== undefined).join(', ')
  const stack = err?.stack ?? err?.message
  const text = `${level} ${where === '' ? '' : `[${where}] `}${msg}${ids === '' ? '' : ` (${ids})`}${stack === undefined ? '' : ` | ${stack}`}`
  return `${text.replaceAll(/\s*\n\s*/g, ' ⏎ ')}\n`
}
