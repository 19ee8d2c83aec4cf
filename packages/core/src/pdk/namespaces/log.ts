import { inspect } from 'node:util'
import { isNil, packArguments } from '../pack-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../pdk-channel.js'
import type { PdkMethod } from '../pdk-method.js'
import { PDK_METHODS } from '../pdk-methods.js'
import { logParts } from '../rules/log-rules.js'
import { parseSerializedLog, type SerializedLog } from '../serialized-log.js'

const METHODS = PDK_METHODS.log

/** How `setSerializeValue` treats a value that is there: `set` always writes, `add` never replaces, `replace` never adds. */
export type SerializeMode = 'set' | 'add' | 'replace'

/** When a deprecated feature was deprecated and will be removed, for `kong.log.deprecation`. */
export interface DeprecationNote {
  /** Version that deprecated it. */
  readonly after?: string
  /** Version that removes it. */
  readonly removal?: string
  /** Whether Kong logs a stack trace of its own. */
  readonly trace?: boolean
}

/**
 * `kong.log`: lines in Kong's error log, and the log record of the request.
 *
 * The levels take any number of values and write them as one line without separators: strings as they are, errors with their stack,
 * objects as Node's `util.inspect` shows them on one line. Kong puts its own file name into the line, and may name another plugin of
 * the same worker: say in the text who speaks. Lines below Kong's `log_level` are dropped by Kong.
 */
export class Log extends PdkNamespace {
  /**
   * Writes a line at level notice: Kong's `kong.log(...)`.
   *
   * @kong kong.log (certificate, rewrite, access, response, preread, log)
   */
  log(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.log, parts)
  }

  /**
   * Writes a line at level debug: for following a single request.
   *
   * @kong kong.log.debug (certificate, rewrite, access, response, preread, log)
   */
  debug(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.debug, parts)
  }

  /**
   * Writes a line at level info: for normal operation.
   *
   * @kong kong.log.info (certificate, rewrite, access, response, preread, log)
   */
  info(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.info, parts)
  }

  /**
   * Writes a line at level notice: the lowest level that Kong writes with its default settings.
   *
   * @kong kong.log.notice (certificate, rewrite, access, response, preread, log)
   */
  notice(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.notice, parts)
  }

  /**
   * Writes a line at level warn: something unexpected that did no harm.
   *
   * @kong kong.log.warn (certificate, rewrite, access, response, preread, log)
   */
  warn(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.warn, parts)
  }

  /**
   * Writes a line at level err: a request or a feature failed.
   *
   * @kong kong.log.err (certificate, rewrite, access, response, preread, log)
   */
  err(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.err, parts)
  }

  /**
   * Writes a line at level crit: the plugin does not work.
   *
   * @kong kong.log.crit (certificate, rewrite, access, response, preread, log)
   */
  crit(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.crit, parts)
  }

  /**
   * Writes a line at level alert: somebody has to act now.
   *
   * @kong kong.log.alert (certificate, rewrite, access, response, preread, log)
   */
  alert(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.alert, parts)
  }

  /**
   * Writes a line at level emerg: the node is unusable.
   *
   * @kong kong.log.emerg (certificate, rewrite, access, response, preread, log)
   */
  emerg(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.emerg, parts)
  }

  /**
   * Writes a deprecation warning at level warn.
   *
   * @param message what is deprecated, and what to use instead
   * @param note when it was deprecated and when it will be removed
   * @kong kong.log.deprecation (certificate, rewrite, access, response, preread, log)
   */
  deprecation(message: string, note?: DeprecationNote): Promise<void> {
    return this[CHANNEL].send(METHODS.deprecation, packArguments([message, note]))
  }

  /**
   * Writes values in a frame at level notice, objects as Lua tables. For debugging; `inspectOff` silences it.
   *
   * @param values at least one that is not nil
   * @kong kong.log.inspect (certificate, rewrite, access, response, preread, log)
   */
  inspect(...values: readonly unknown[]): Promise<void> {
    return this[CHANNEL].send(METHODS.inspect, packArguments(values))
  }

  /**
   * Turns `inspect` on again, for every user of the same logger in this worker of Kong: Kong's `kong.log.inspect.on`.
   *
   * @kong kong.log.inspect.on (certificate, rewrite, access, response, preread, log)
   */
  inspectOn(): Promise<void> {
    return this[CHANNEL].send(METHODS.inspectOn, [])
  }

  /**
   * Turns `inspect` off, for every user of the same logger in this worker of Kong: Kong's `kong.log.inspect.off`.
   *
   * @kong kong.log.inspect.off (certificate, rewrite, access, response, preread, log)
   */
  inspectOff(): Promise<void> {
    return this[CHANNEL].send(METHODS.inspectOff, [])
  }

  /**
   * Replaces the format of log lines. It changes a logger that all external plugins of a worker of Kong share, for good: put what you
   * need into the text of a line instead.
   *
   * @param fmt text with `%file_src`, `%line_src`, `%func_name`, `%message` and `%namespace`; nothing restores Kong's own
   * @kong kong.log.set_format (certificate, rewrite, access, response, preread, log)
   */
  setFormat(fmt?: string): Promise<void> {
    return this[CHANNEL].send(METHODS.setFormat, packArguments([fmt]))
  }

  /**
   * Changes the log record of the request that Kong's logging plugins write. In `log` it comes too late to be seen.
   *
   * Kong applies the change when the record is made. A value it cannot write, or a key below a value that is no object
   * (`request.method.x`), then costs the whole record and the log phase of all plugins.
   *
   * @param key path with dots, for example `request.headers.x-a`; parents are created
   * @param value a string, a number, a boolean or a plain object; nothing removes the key
   * @param options how a value that is there is treated; `set` when not given
   * @kong kong.log.set_serialize_value (rewrite, access, response, log)
   */
  setSerializeValue(key: string, value?: unknown, options?: { readonly mode?: SerializeMode }): Promise<void> {
    return this[CHANNEL].send(METHODS.setSerializeValue, packArguments([key, value, options]))
  }

  /**
   * Gives the log record of the request: what Kong knows of request, response, route, service, consumer and durations. In `log` it is the
   * source for everything that can no longer be asked for, such as method, path and query.
   *
   * @returns the record, `undefined` when Kong could not write it, for example because a plugin put NaN into it
   * @kong kong.log.serialize (log)
   */
  serialize(): Promise<SerializedLog | undefined> {
    const channel = this[CHANNEL]
    return channel.map(channel.send<string | undefined>(METHODS.serialize, []), parseSerializedLog)
  }
}

/** Sends one text: Kong would write objects as addresses, and would end at the first nil in the middle. */
function write(channel: PdkChannel, method: PdkMethod, parts: readonly unknown[]): Promise<void> {
  const problem = logParts(parts, channel.phase)
  if (problem !== undefined) return channel.refuseArgument(method, problem)
  return channel.send(method, [parts.length === 1 && parts[0] instanceof Uint8Array ? parts[0] : parts.map(partOf).join('')])
}

function partOf(part: unknown): string {
  if (typeof part === 'string') return part
  if (isNil(part)) return 'nil'
  if (part instanceof Uint8Array) return new TextDecoder().decode(part)
  if (part instanceof Error) return part.stack ?? String(part)
  return typeof part === 'object' ? inspect(part, { breakLength: Infinity, compact: true }) : String(part)
}
