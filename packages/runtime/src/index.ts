// First, so that with -dump nothing a plugin module prints while it loads reaches stdout.
import './dump/stdout-guard.js'

export { startServer, type PluginSource, type StartServerOptions } from './start-server.js'
export { PluginServer, type PluginServerOptions } from './server/plugin-server.js'
export { formatDump } from './dump/plugin-info.js'
export { createServerLog, type LogContext, type LogFormat, type LogLevel, type ServerLog, type ServerLogOptions } from './log/server-log.js'
export type { Counters } from './log/counters.js'
export { PROTOCOL_NAMES, type ProtocolName } from './protocol/protocol-name.js'
export { DEFAULT_LIMITS, type ProtocolLimits } from './protocol/limits.js'
export { ProtocolError } from './protocol/protocol-error.js'
export { askSocketOwner, type SocketOwner } from './server/ask-socket-owner.js'
export type { ServerStatus } from './server/server-status.js'
export { ServerStartError } from './server/server-start-error.js'
