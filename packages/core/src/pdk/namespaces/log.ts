import { inspect } from 'node:util'
import { isNil, packArguments } from '../call/lua-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../call/pdk-channel.js'
import type { PdkMethod } from '../call/pdk-method.js'
import { PDK_METHODS } from '../methods/pdk-methods.js'
import { parseSerializedLog, type SerializedLog } from '../values/serialized-log.js'

const METHODS = PDK_METHODS.log

/** What `setSerializeValue` does when a value is already there: `set` writes in any case, `add` keeps it, `replace` writes only then. */
export type SerializeMode = 'set' | 'add' | 'replace'

/** Since when a feature is deprecated, and when it will be removed. */
export interface DeprecationNote {
  /** The version in which it became deprecated. */
  readonly after?: string
  /** The version in which it will be removed. */
  readonly removal?: string
  /** Whether Kong adds a stack trace of its Lua code. */
  readonly trace?: boolean
}

/**
 * `kong.log`: lines in Kong's error log, and the log record of the request.
 *
 * The levels take any number of values of any type and write them as one line without separators: strings as they are, `undefined` and
 * `null` as `nil`, errors with their stack, objects as Node's `util.inspect` shows them on one line. A call never fails because of a value.
 *
 * Kong adds the name of a file of its own to the line, and may add the name of another plugin: name your plugin in the text. Kong drops
 * lines below `log_level` of kong.conf.
 */
export class Log extends PdkNamespace {
  /**
   * Writes a line at level notice. It is `kong.log(...)` in Kong.
   *
   * @kong kong.log (certificate, rewrite, access, response, preread, log)
   */
  log(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.log, parts)
  }

  /**
   * Writes a line at level debug: details of a single request.
   *
   * @kong kong.log.debug (certificate, rewrite, access, response, preread, log)
   */
  debug(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.debug, parts)
  }

  /**
   * Writes a line at level info: normal operation.
   *
   * @kong kong.log.info (certificate, rewrite, access, response, preread, log)
   */
  info(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.info, parts)
  }

  /**
   * Writes a line at level notice: the lowest level that Kong writes by default.
   *
   * @kong kong.log.notice (certificate, rewrite, access, response, preread, log)
   */
  notice(...parts: readonly unknown[]): Promise<void> {
    return write(this[CHANNEL], METHODS.notice, parts)
  }

  /**
   * Writes a line at level warn: something unexpected happened, but did no harm.
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
   * Writes a warning about a deprecated feature, at level warn. Not available over ProtoBuf:1.
   *
   * @param message what is deprecated, and what to use instead
   * @param note when it was deprecated and when it will be removed
   * @kong kong.log.deprecation (certificate, rewrite, access, response, preread, log)
   */
  deprecation(message: string, note?: DeprecationNote): Promise<void> {
    return quiet(this[CHANNEL], this[CHANNEL].send(METHODS.deprecation, orNil([message, note])))
  }

  /**
   * Writes values at level notice in a frame, objects as Lua tables. For debugging; `inspectOff` turns it off.
   * Not available over ProtoBuf:1.
   *
   * @param values plain data
   * @kong kong.log.inspect (certificate, rewrite, access, response, preread, log)
   */
  inspect(...values: readonly unknown[]): Promise<void> {
    return quiet(this[CHANNEL], this[CHANNEL].send(METHODS.inspect, orNil(values)))
  }

  /**
   * Turns `inspect` on again for all external plugins in this worker of Kong. It is `kong.log.inspect.on` in Kong.
   *
   * @kong kong.log.inspect.on (certificate, rewrite, access, response, preread, log)
   */
  inspectOn(): Promise<void> {
    return this[CHANNEL].send(METHODS.inspectOn, [])
  }

  /**
   * Turns `inspect` off for all external plugins in this worker of Kong. It is `kong.log.inspect.off` in Kong.
   *
   * @kong kong.log.inspect.off (certificate, rewrite, access, response, preread, log)
   */
  inspectOff(): Promise<void> {
    return this[CHANNEL].send(METHODS.inspectOff, [])
  }

  /**
   * Replaces the format of log lines for all external plugins in this worker of Kong, until the worker ends. Better put what you need into
   * the text of a line.
   *
   * @param fmt text with `%file_src`, `%line_src`, `%func_name`, `%message` and `%namespace`; the format of Kong when not given
   * @kong kong.log.set_format (certificate, rewrite, access, response, preread, log)
   */
  setFormat(fmt?: string): Promise<void> {
    return this[CHANNEL].send(METHODS.setFormat, packArguments([fmt]))
  }

  /**
   * Changes the log record of the request, which `serialize` gives and Kong's logging plugins write. In `log` the record was already made,
   * so that the change is not seen.
   *
   * Kong applies the change when it makes the record. NaN as a value loses the whole record. A key that goes on below a value that is not
   * an object (`request.method.x`) loses the whole log phase of the request, for all plugins.
   *
   * @param key a path with dots, for example `request.headers.x-a`; Kong creates the parents
   * @param value a string, a number, a boolean or a plain object; `undefined` and `null` remove the key
   * @param options `mode` tells what to do with a value that is already there: `set` (default) writes in any case, `add` keeps it,
   * `replace` writes only when there is one
   * @kong kong.log.set_serialize_value (rewrite, access, response, log)
   */
  setSerializeValue(key: string, value?: unknown, options?: { readonly mode?: SerializeMode }): Promise<void> {
    return this[CHANNEL].send(METHODS.setSerializeValue, packArguments([key, value, options]))
  }

  /**
   * Gives the log record of the request: request, response, route, service, consumer and durations. In `log` it is the only source for what
   * other functions do not give there, such as method, path and query.
   *
   * @returns the record, `undefined` when Kong could not write it, for example because a plugin put NaN into it
   * @kong kong.log.serialize (log)
   */
  serialize(): Promise<SerializedLog | undefined> {
    return this[CHANNEL].send<string | undefined>(METHODS.serialize, []).then(parseSerializedLog)
  }
}

/** The plugin configuration that an OpenTelemetry record belongs to, as keys that Kong adds to a configuration. */
export interface TelemetrySource {
  readonly __plugin_id?: string
  readonly plugin_instance_name?: string
}

/** `kong.telemetry`: OpenTelemetry logs. Not available over ProtoBuf:1. */
export class Telemetry extends PdkNamespace {
  /**
   * Queues an OpenTelemetry log record for the opentelemetry plugin of Kong. Kong 3.8 and newer.
   *
   * @param pluginName name of the plugin that logs
   * @param pluginConfig the configuration of the plugin; Kong reads only the keys that it added
   * @param messageType kind of the message
   * @param message text of the message
   * @param attributes a plain object of attributes of the record
   * @returns `true`, or `undefined` when the opentelemetry plugin does not collect logs
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
