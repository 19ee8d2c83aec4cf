import { KongTsError } from '@kong-ts/core'

/** A file or value on the command line that the command cannot use. */
export class PluginFileError extends KongTsError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_PLUGIN_FILE', message, options)
  }
}
