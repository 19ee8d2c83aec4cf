// First, so that with -dump nothing that a plugin module prints while it loads reaches stdout.
import './dump/stdout-guard.js'

export { startServer, type PluginSource, type StartServerOptions } from './process/start-server.js'
export { PluginServer, type PluginServerOptions } from './server/plugin-server.js'
export { createServerLog, type LogFormat, type LogLevel, type ServerLog, type ServerLogOptions } from './log/server-log.js'
export type { LogContext } from './log/log-record.js'
export type { Counters } from './metrics/counters.js'
export { PROTOCOL_NAMES, type ProtocolName } from './protocol/protocol-name.js'
export { loadPdkSupport, type PdkSupport } from './protocol-protobuf/pdk-support.js'
export { DEFAULT_LIMITS, type ProtocolLimits } from './wire/limits.js'
export { ProtocolError, ServerStartError } from './errors/server-errors.js'
export { askSocketOwner, type ServerStatus, type SocketOwner } from './server/server-status.js'
