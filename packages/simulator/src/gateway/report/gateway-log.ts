/** Levels of Kong's error log, least severe first. */
export type GatewayLogLevel = 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'crit' | 'alert' | 'emerg'

/** Gets every line the gateway would write to Kong's error log, plugin servers' own output among them. */
export type GatewayLog = (level: GatewayLogLevel, line: string) => void
