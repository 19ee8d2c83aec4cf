import { KongTsError } from '@kong-ts/core'

/** A file the gateway was told to read says something it cannot use: one line that names file, place and remedy. */
export class GatewayConfigError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_GATEWAY_CONFIG', oneLine(message), options)
  }
}

/** The gateway could not begin: a port in use, a plugin server that does not answer its query command. */
export class GatewayStartError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_GATEWAY_START', oneLine(message), options)
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\r?\n\s*/g, ' ').trim()
}
