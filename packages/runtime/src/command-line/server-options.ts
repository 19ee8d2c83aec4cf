import type { PluginDefinition } from '@kong-ts/core/server'

/** The options of a plugin server's command line. The parser reads this table, and `-help` prints it. */
export const SERVER_OPTIONS = {
  dump: { argument: 'NAME', optional: true, text: 'print the plugin info that Kong reads, and exit; with NAME of one plugin only' },
  protocol: { argument: 'NAME', optional: false, text: 'MsgPack:1 or ProtoBuf:1, the same for -dump and for serving (default MsgPack:1)' },
  'kong-prefix': {
    argument: 'DIR',
    optional: false,
    text: "Kong's prefix: the socket is DIR/<plugin name>.socket (default /usr/local/kong)",
  },
  socket: { argument: 'PATH', optional: false, text: 'listen on this path instead' },
  'socket-mode': { argument: 'MODE', optional: false, text: 'permissions of the socket, octal (default 600)' },
  'log-level': {
    argument: 'LEVEL',
    optional: false,
    text: 'debug, info, warn or error (default info); with -dump, debug names the rules Kong cannot check',
  },
  'log-format': { argument: 'FORMAT', optional: false, text: 'text or json (default text)' },
  'max-message-bytes': {
    argument: 'BYTES',
    optional: false,
    text: 'largest message, and so the largest body a plugin can read (default 134217728)',
  },
  'max-buffered-bytes': {
    argument: 'BYTES',
    optional: false,
    text: 'memory for unfinished messages on all connections together (default 536870912)',
  },
  'max-instances': { argument: 'COUNT', optional: false, text: 'instances kept; the one idle longest is closed first (default 10000)' },
  'instance-idle-seconds': { argument: 'SECONDS', optional: false, text: 'close instances without an event for so long (default 3600)' },
  'drain-seconds': { argument: 'SECONDS', optional: false, text: 'time for running events when the server ends (default 10)' },
  'exit-on-stdin-close': {
    argument: undefined,
    optional: false,
    text: 'end when stdin closes, as it does when the Kong worker that started the server has died',
  },
  help: { argument: undefined, optional: false, text: 'print this help, and exit' },
} as const satisfies Record<string, { argument: string | undefined; optional: boolean; text: string }>

export type ServerOptionName = keyof typeof SERVER_OPTIONS

export function isServerOption(name: string): name is ServerOptionName {
  return Object.hasOwn(SERVER_OPTIONS, name)
}

/** The text of `-help`. */
export function formatHelp(program: string, definitions: readonly PluginDefinition[]): string {
  const plugins = definitions.map(
    ({ name, version, priority, phases }) => `  ${name} ${version}, priority ${priority}, phases ${[...phases.keys()].join(', ')}`,
  )
  const options = Object.entries(SERVER_OPTIONS).map(([name, { argument, optional, text }]) => {
    const value = argument === undefined ? '' : optional ? `[=${argument}]` : ` ${argument}`
    return `  ${`-${name}${value}`.padEnd(31)} ${text}`
  })
  return [
    `Kong plugin server (kong-ts). Usage: ${program} [options]`,
    '',
    'Plugins:',
    ...plugins,
    '',
    'Options (one dash or two, value after a space or =):',
    ...options,
  ].join('\n')
}
