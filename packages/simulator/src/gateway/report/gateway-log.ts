/** Levels of Kong's error log, least severe first. */
export type GatewayLogLevel = 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'crit' | 'alert' | 'emerg'

/** Gets every line that Kong would write to its error log, among them the output of plugin servers. */
export type GatewayLog = (level: GatewayLogLevel, line: string) => void
