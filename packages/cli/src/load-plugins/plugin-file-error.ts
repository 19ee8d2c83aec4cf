import { KongTsError } from '@kong-ts/core'

/** A file that was named on the command line and is not what the command needs. */
export class PluginFileError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_PLUGIN_FILE', message, options)
  }
}
