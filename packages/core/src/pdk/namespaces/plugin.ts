import { CHANNEL, PdkNamespace } from '../pdk-channel.js'
import { PDK_METHODS } from '../pdk-methods.js'

/** `kong.plugin`: the plugin that runs. */
export class PluginNamespace extends PdkNamespace {
  /**
   * Gives the id of the plugin configuration that runs, a uuid; `undefined` when Kong does not know it. Kong 3.3 and newer.
   *
   * @kong kong.plugin.get_id (certificate, rewrite, access, response, preread, log)
   */
  getId(): Promise<string | undefined> {
    return this[CHANNEL].send(PDK_METHODS.plugin.getId, [])
  }
}
