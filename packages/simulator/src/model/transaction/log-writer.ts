import type { KongSettings } from '../node/kong-node.js'
import type { LogLine } from './kong-transaction.js'

const ORDER: readonly LogLine['level'][] = ['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg']

/** Collects the lines one request writes to error.log, down to the node's log level. */
export class LogWriter {
  readonly lines: LogLine[] = []
  private readonly lowest: number

  constructor(settings: KongSettings) {
    this.lowest = ORDER.indexOf(settings.logLevel)
  }

  accepts(level: LogLine['level']): boolean {
    return ORDER.indexOf(level) >= this.lowest
  }

  /** Control characters are written as `\x..`, as nginx does. */
  write(level: LogLine['level'], text: string): void {
    if (!this.accepts(level)) return
    this.lines.push({
      level,
      text: text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`),
    })
  }
}
