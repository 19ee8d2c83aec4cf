import { ServerStartError } from '../errors/server-errors.js'
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../log/server-log.js'
import { PROTOCOL_NAMES, type ProtocolName } from '../protocol/protocol-name.js'
import { DEFAULT_LIMITS } from '../wire/limits.js'
import { SERVER_OPTIONS, isServerOption, type ServerOptionName } from './server-options.js'

/** What the command line asks a plugin server to do. */
export type ServerCommand =
  | { readonly kind: 'help' }
  /** `only`: the one plugin to dump; all when `undefined`. */
  | { readonly kind: 'dump'; readonly only: string | undefined; readonly protocol: ProtocolName | undefined; readonly logLevel: LogLevel }
  | {
      readonly kind: 'serve'
      readonly protocol: ProtocolName | undefined
      readonly socketPath: string | undefined
      readonly kongPrefix: string
      readonly socketMode: number
      readonly logLevel: LogLevel
      readonly logFormat: LogFormat
      readonly maxMessageBytes: number
      readonly maxBufferedBytes: number
      readonly maxInstances: number
      readonly instanceIdleSeconds: number
      readonly drainSeconds: number
      readonly exitOnStdinClose: boolean
    }

/** The prefix of Kong's own packages. */
const DEFAULT_PREFIX = '/usr/local/kong'

/**
 * Reads a plugin server's command line. As in Kong's Go servers an option has one dash or two, and its value follows after `=` or a space.
 *
 * @throws ServerStartError when an option is unknown, lacks its value or has a bad one.
 */
export function parseArguments(args: readonly string[]): ServerCommand {
  const given = readOptions(args)
  if (given.has('help')) return { kind: 'help' }
  const protocol = given.has('protocol') ? oneOf('protocol', PROTOCOL_NAMES, given.get('protocol') ?? '') : undefined
  const logLevel = oneOf('log-level', LOG_LEVELS, given.get('log-level') ?? 'info')
  if (given.has('dump')) return { kind: 'dump', only: given.get('dump') || undefined, protocol, logLevel }
  return {
    kind: 'serve',
    protocol,
    socketPath: given.get('socket'),
    kongPrefix: given.get('kong-prefix') ?? DEFAULT_PREFIX,
    socketMode: readMode(given.get('socket-mode') ?? '600'),
    logLevel,
    logFormat: oneOf('log-format', LOG_FORMATS, given.get('log-format') ?? 'text'),
    maxMessageBytes: readCount('max-message-bytes', given, DEFAULT_LIMITS.maxMessageBytes),
    maxBufferedBytes: readCount('max-buffered-bytes', given, DEFAULT_LIMITS.maxBufferedBytes),
    maxInstances: readCount('max-instances', given, 10_000),
    instanceIdleSeconds: readCount('instance-idle-seconds', given, 3600),
    drainSeconds: readCount('drain-seconds', given, 10),
    exitOnStdinClose: given.has('exit-on-stdin-close'),
  }
}

function readOptions(args: readonly string[]): ReadonlyMap<ServerOptionName, string> {
  const given = new Map<ServerOptionName, string>()
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? ''
    const [, name = '', inline] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(argument) ?? []
    if (!isServerOption(name))
      throw new ServerStartError(`unknown argument ${JSON.stringify(argument)}: ${remedyFor(argument, args[index - 1])}`)
    const option = SERVER_OPTIONS[name]
    if (option.argument === undefined || option.optional) given.set(name, inline ?? '')
    else {
      const value = inline ?? args[++index]
      if (value === undefined || value === '') throw new ServerStartError(`-${name} needs a value: -${name} ${option.argument}`)
      given.set(name, value)
    }
  }
  return given
}

/** An optional value must follow `=`. The remedy says so when there is a space instead. */
function remedyFor(argument: string, previous: string | undefined): string {
  const [, name = ''] = /^--?([^-=]+)$/.exec(previous ?? '') ?? []
  return isServerOption(name) && SERVER_OPTIONS[name].optional && !argument.startsWith('-') ? `write -${name}=${argument}` : 'see -help'
}

function readMode(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text)) throw new ServerStartError(`-socket-mode ${text} is not an octal mode: write 600 or 660`)
  return Number.parseInt(text, 8)
}

function readCount(name: ServerOptionName, given: ReadonlyMap<ServerOptionName, string>, fallback: number): number {
  const text = given.get(name)
  if (text === undefined) return fallback
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new ServerStartError(`-${name} ${text} is not a whole number above 0`)
  return Number(text)
}

function oneOf<T extends string>(name: string, values: readonly T[], text: string): T {
  const value = values.find((candidate) => candidate === text)
  if (value === undefined) throw new ServerStartError(`-${name} ${text} is none of ${values.join(', ')}`)
  return value
}
