import { inspect } from 'node:util'
import { isNil, packArguments } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import type { PdkMethod } from '../call/pdk-method.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'
import { parseSerializedLog, type SerializedLog } from '../values/serialized-log.js'

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
    return quiet(this[CHANNEL], this[CHANNEL].send(METHODS.deprecation, orNil([message, note])))
  }

  /**
   * Writes values in a frame at level notice, objects as Lua tables. For debugging; `inspectOff` silences it.
   *
   * @param values at least one that is not nil
   * @kong kong.log.inspect (certificate, rewrite, access, response, preread, log)
   */
  inspect(...values: readonly unknown[]): Promise<void> {
    return quiet(this[CHANNEL], this[CHANNEL].send(METHODS.inspect, orNil(values)))
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
    return this[CHANNEL].send<string | undefined>(METHODS.serialize, []).then(parseSerializedLog)
  }
}

/** Which plugin configuration an OpenTelemetry record belongs to; the keys Kong adds to a configuration. */
export interface TelemetrySource {
  readonly __plugin_id?: string
  readonly plugin_instance_name?: string
}

/** `kong.telemetry`: OpenTelemetry logs. */
export class Telemetry extends PdkNamespace {
  /**
   * Queues an OpenTelemetry log record. Kong 3.8 and newer.
   *
   * @param pluginName name of the plugin that logs
   * @param pluginConfig its configuration; only the keys Kong added are read
   * @param messageType kind of message
   * @param message its text
   * @param attributes attributes of the record
   * @returns `true`, or `undefined` when Kong's opentelemetry plugin collects no logs
   * @kong kong.telemetry.log (certificate, rewrite, access, response, preread, log)
   */
  log(
    pluginName: string,
    pluginConfig: TelemetrySource,
    messageType: string,
    message?: string,
    attributes?: Readonly<Record<string, string | number | boolean>>,
  ): Promise<true | undefined> {
    return this[CHANNEL].send(PDK_METHODS.telemetry.log, packArguments([pluginName, pluginConfig, messageType, message, attributes]))
  }
}

/** Sends one text: Kong would write the addresses of objects, would raise on nil alone and would stop at some nils in the middle. */
function write(channel: PdkChannel, method: PdkMethod, parts: readonly unknown[]): Promise<void> {
  const [only] = parts
  return quiet(channel, channel.send(method, [parts.length === 1 && only instanceof Uint8Array ? only : parts.map(partOf).join('')]))
}

/** Kong raises when there is nothing to print but nil, so that nil is written as a text then. */
function orNil(parts: readonly unknown[]): readonly unknown[] {
  return parts.every(isNil) ? ['nil'] : packArguments(parts)
}

/**
 * Keeps a lost log line from ending a process. In an event the plugin server reports a call that failed and that nobody awaited. A PDK that
 * a test or script made by hand has nobody to report to, and Node would end the process with `unhandledRejection`.
 */
function quiet(channel: PdkChannel, call: Promise<void>): Promise<void> {
  if (channel.options.refused === undefined) call.catch(() => undefined)
  return call
}

function partOf(part: unknown): string {
  if (typeof part === 'string') return part
  if (isNil(part)) return 'nil'
  if (part instanceof Uint8Array) return new TextDecoder().decode(part)
  try {
    if (part instanceof Error) return String(part.stack ?? part)
    return typeof part === 'object' ? inspect(part, { breakLength: Infinity, compact: true }) : String(part)
  } catch {
    return '[a value that cannot be shown]'
  }
}
