import { KongTsError } from '@kong-ts/core'

/** A mistake in a file that the gateway was given. The message is one line that names the file, the place and the remedy. */
export class GatewayConfigError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_GATEWAY_CONFIG', oneLine(message), options)
  }
}

/** The gateway could not start: a port is in use, or a plugin server does not start. The message is one line. */
export class GatewayStartError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_GATEWAY_START', oneLine(message), options)
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\r?\n\s*/g, ' ').trim()
}

/** Levels of Kong's error log, least severe first. */
export type GatewayLogLevel = 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'crit' | 'alert' | 'emerg'

/** Gets every line that Kong would write to its error log, among them the output of plugin servers. */
export type GatewayLog = (level: GatewayLogLevel, line: string) => void
